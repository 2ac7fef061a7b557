//! The vocabulary handed downstream: what a finding is, before anyone decides how to print it.
//!
//! Verdict builds [`Diagnostic`]s; triage changes their [`Status`]; reports and fixes see nothing else
//! of the check. The table [`CODES`] is the one authority on codes, their default severity and their
//! explanation.

/// A half-open range of byte offsets in one source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset one past the last byte.
    pub end: u32,
}

impl Span {
    /// The range from `start` to `end`, in bytes; offsets beyond 4 GiB saturate (such files are never scanned).
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Span { start: clamp(start), end: clamp(end) }
    }

    /// The bytes of `source` in this range; empty where the range does not fit.
    #[must_use]
    pub fn of<'s>(&self, source: &'s [u8]) -> &'s [u8] {
        source.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// How bad a diagnostic is. Ordered: `Note < Warning < Error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; never fails a gate.
    Note,
    /// Probably wrong, or wrong where nobody would see it fail.
    Warning,
    /// A real outage or a broken page.
    Error,
}

impl Severity {
    /// The word used in every report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// Whether a diagnostic counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It counts.
    #[default]
    Active,
    /// A person's written exception covers it.
    Waived,
    /// The baseline recorded it earlier.
    Baselined,
}

/// What production does when the target is absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// Made at run time: absence is normal.
    Created,
    /// Optional by design.
    Optional,
    /// Nothing is said and a feature is gone.
    Silent,
    /// A visible defect.
    Broken,
    /// The request or the start dies.
    Fatal,
}

/// How sure the place is from which a reference starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// Depends on the caller: a working directory, a load path, an unknown alias.
    Open,
    /// A convention, an inferred mount, or one of several definitions.
    Likely,
    /// Fixed by the language or by configuration.
    Certain,
}

/// In which way an existing name differs from the one that was written. In order of confidence: the first is the
/// strongest evidence that the existing name was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Difference {
    /// White space at the end.
    TrailingSpace,
    /// White space at the start.
    LeadingSpace,
    /// A character that cannot be seen.
    Invisible,
    /// Upper and lower case.
    Case,
    /// Unicode normal form.
    UnicodeForm,
    /// A forgotten, doubled or wrong separator.
    Separator,
    /// Percent-encoding.
    Encoding,
    /// Characters of another script that look the same (UTS 39).
    LookAlike,
    /// The same stem with another extension.
    Extension,
    /// One or two letters (Damerau-Levenshtein).
    Spelling,
    /// The same name in another directory: a hint, never a finding in itself.
    Moved,
}

impl Difference {
    /// The word used in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Difference::TrailingSpace => "trailing-space",
            Difference::LeadingSpace => "leading-space",
            Difference::Invisible => "invisible",
            Difference::Case => "case",
            Difference::UnicodeForm => "unicode-form",
            Difference::Separator => "separator",
            Difference::Encoding => "encoding",
            Difference::LookAlike => "look-alike",
            Difference::Extension => "extension",
            Difference::Spelling => "spelling",
            Difference::Moved => "moved",
        }
    }

    /// The code of a diagnostic whose first near miss differs in this way.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Difference::TrailingSpace => "trailing-space",
            Difference::LeadingSpace => "leading-space",
            Difference::Invisible => "invisible-character",
            Difference::Case => "case-mismatch",
            Difference::UnicodeForm => "unicode-form",
            Difference::Separator => "wrong-separator",
            Difference::Encoding => "wrong-encoding",
            Difference::LookAlike => "look-alike",
            Difference::Extension => "wrong-extension",
            Difference::Spelling => "misspelled",
            Difference::Moved => "missing-file",
        }
    }
}

/// An existing entry that was probably meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// Path of the entry, relative to the root.
    pub path: Vec<u8>,
    /// The most telling way in which it differs from what was written.
    pub difference: Difference,
    /// How far away it is; smaller is nearer. Comparable only within one difference.
    pub cost: u32,
    /// Whether another entry is as near, so that neither can be preferred.
    pub rival: bool,
}

/// One replacement of a range of bytes in a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Path of the source, relative to the root.
    pub file: Vec<u8>,
    /// The bytes to replace.
    pub span: Span,
    /// What to put there.
    pub new: Vec<u8>,
}

/// Whether a fix may be applied without a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    /// Applying it can only mend.
    Safe,
    /// A person should look first.
    Review,
    /// To be shown, never applied.
    Display,
}

/// A way to mend a diagnostic: edits of sources, renames of entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Whether it may be applied unseen.
    pub applicability: Applicability,
    /// Replacements, by file and start.
    pub edits: Vec<Edit>,
    /// Renames, `(from, to)`, relative to the root.
    pub renames: Vec<(Vec<u8>, Vec<u8>)>,
}

/// The reference that a diagnostic speaks of, as reports show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Name of the language that was scanned.
    pub language: &'static str,
    /// The construct that holds the reference, such as `require_once` or `img src`.
    pub construct: &'static str,
    /// Whose rules look the specifier up.
    pub namespace: &'static str,
    /// The source text of the span.
    pub text: Vec<u8>,
    /// The evaluated path relative to the root; `None` where it is not one path.
    pub target: Option<Vec<u8>>,
    /// Certainty of the best base.
    pub base: Certainty,
    /// What production does when the target is absent.
    pub strength: Strength,
    /// Whether an existence test or a handler excuses absence.
    pub guarded: bool,
}

/// A span with its place for people, and the lines around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Byte offsets of the value.
    pub span: Span,
    /// 1-based line of the start.
    pub line: u32,
    /// 1-based column of the start, in characters.
    pub column: u32,
    /// 1-based line of the end.
    pub end_line: u32,
    /// 1-based column of the end (exclusive), in characters.
    pub end_column: u32,
    /// The same columns in UTF-16 units, as editors and SARIF count.
    pub utf16: Utf16,
    /// The excerpt to show, at most 3 lines of 200 columns.
    pub excerpt: Excerpt,
}

/// Columns in UTF-16 units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Utf16 {
    /// 1-based column of the start.
    pub column: u32,
    /// 1-based column of the end (exclusive).
    pub end_column: u32,
}

/// Source lines captured while the source was at hand, so that reports never read files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// 1-based number of the first line in `text`.
    pub first_line: u32,
    /// The raw bytes of the lines, clipped.
    pub text: Vec<u8>,
    /// The span within `text`, in bytes.
    pub highlight: Span,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable kebab-case code, a row of [`CODES`].
    pub code: &'static str,
    /// How bad it is, after configuration and ceilings.
    pub severity: Severity,
    /// Whether it counts.
    pub status: Status,
    /// Why it does not, where a person said so.
    pub excuse: Option<Excuse>,
    /// What is wrong, in one line; names in backticks, invisible characters shown.
    pub message: String,
    /// What to do, in one line.
    pub help: Option<String>,
    /// The referring file, or the odd name itself, relative to the root.
    pub file: Vec<u8>,
    /// Where in the file; `None` for findings about a name.
    pub location: Option<Location>,
    /// The reference; `None` for findings about a name.
    pub subject: Option<Subject>,
    /// Paths that were tried, relative to the root, at most three.
    pub tried: Vec<Vec<u8>>,
    /// What was probably meant, best first.
    pub near_misses: Vec<NearMiss>,
    /// How many like it were folded into this one.
    pub more: usize,
    /// A way to mend it.
    pub fix: Option<Fix>,
    /// `pf1:` and 20 hexadecimal digits; survives moved lines.
    pub fingerprint: String,
}

/// A row of the table of codes.
#[derive(Debug)]
pub struct Code {
    /// Stable kebab-case name; it reads as "allow *name*".
    pub name: &'static str,
    /// Severity at its worst, before certainty and strength lower it.
    pub severity: Severity,
    /// One line: what it says.
    pub summary: &'static str,
    /// Why it matters, how it is decided, and what to do; shown by `preflight explain`.
    pub explanation: &'static str,
}

mod codes;
mod date;
mod exception;
mod fate;
mod kept_out;
mod show;
mod waiver;
pub use codes::CODES;
pub use date::Date;
pub use exception::{Exception, History, Signature};
pub use fate::{Commit, Fate};
pub use kept_out::KeptOut;
pub use show::{is_invisible, show};
pub use waiver::{Excuse, Waiver, Written};

/// The row of a code by its name.
#[must_use]
pub fn code(name: &str) -> Option<&'static Code> {
    CODES.binary_search_by(|row| row.name.cmp(name)).ok().map(|at| &CODES[at])
}

/// What the machine could not do. The run goes on; the exit status is 2.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trouble {
    /// Path relative to the root, or as given on the command line.
    pub path: Vec<u8>,
    /// What went wrong, in words.
    pub what: String,
}

/// Why files were indexed but not scanned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "each field is the contract's word for itself")]
pub struct Skipped {
    pub binary: usize,
    pub vendored: usize,
    pub minified: usize,
    pub too_large: usize,
    pub excluded: usize,
    pub special: usize,
    pub outward_link: usize,
    pub vanished: usize,
    pub unknown_language: usize,
}

impl Skipped {
    /// Adds the counts of another part of the tree.
    pub fn add(&mut self, other: Skipped) {
        self.binary += other.binary;
        self.vendored += other.vendored;
        self.minified += other.minified;
        self.too_large += other.too_large;
        self.excluded += other.excluded;
        self.special += other.special;
        self.outward_link += other.outward_link;
        self.vanished += other.vanished;
        self.unknown_language += other.unknown_language;
    }
}

/// What was and was not checked. `found` is the sum of all other fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "each field is the contract's word for itself")]
pub struct References {
    pub found: usize,
    pub resolved: usize,
    pub external: usize,
    pub dynamic: usize,
    pub outside: usize,
    pub guarded: usize,
    pub reported: usize,
    pub open: usize,
    pub exempt: usize,
}

/// What was and was not checked, over the whole run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Entries in the index (files and links; not directories).
    pub indexed: usize,
    /// Sources that were scanned.
    pub scanned: usize,
    /// Of these, sources that fell back to the lexical scan.
    pub lexical: usize,
    /// Indexed but not scanned, by reason.
    pub skipped: Skipped,
    /// What became of the references.
    pub references: References,
}

/// Which of the trees that a folder can stand for was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shipped {
    /// The contract's word: `directory`, `git`, `staged`, `archive`, `docker`.
    pub kind: &'static str,
    /// The name of the commit, where it is one.
    pub revision: Option<String>,
}

impl Default for Shipped {
    fn default() -> Self {
        Shipped { kind: "directory", revision: None }
    }
}

/// The outcome of a check, sorted and complete; the only input of reports.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The root as it was given.
    pub root: Vec<u8>,
    /// What was checked there.
    pub view: Shipped,
    /// Findings by file bytes, start, code.
    pub diagnostics: Vec<Diagnostic>,
    /// What could not be read, by path.
    pub troubles: Vec<Trouble>,
    /// What was and was not checked.
    pub coverage: Coverage,
    /// Inline waivers of the scanned sources, in any order; triage consumes them.
    pub waivers: Vec<Waiver>,
    /// What the waiver file holds, in its order; triage consumes it.
    pub exceptions: Vec<Exception>,
}
