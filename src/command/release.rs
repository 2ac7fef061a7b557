//! `preflight signoff create` and `verify`: two people sign what is released, and nothing else is.
//!
//! `create` checks the tree and states what ships and what is known to be wrong with it. `verify` states it anew and
//! compares: the findings as of the day of the statement, so that the passing of days alone changes nothing, and once
//! more as of today, so that a waiver that has ended since then counts.

use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use preflight::cli::{ApprovalArgs, Create, TreeArgs, Verify};
use preflight::config;
use preflight::diagnostic::{Date, Report, Severity, Shipped, Signature, Status, Trouble, show};
use preflight::exit::{self, Exit};
use preflight::git::Repository;
use preflight::options::{Release, Trusted};
use preflight::progress::Progress;
use preflight::signoff::{
    Asked, Counts, Line, People, RELEASE, Signers, Statement, Used, digest, digest_of, lines, two,
};
use preflight::tree::{Git, Which};
use preflight::triage;

use super::inputs::{Inputs, bytes, inputs, placed, trouble};
use super::{authors, check, complain, trust};

/// Most bytes of a statement or a signature that are read.
const MOST: u64 = 1 << 20;
/// Most signatures that are looked at.
const MOST_SIGNATURES: usize = 8;

/// Why there is no statement.
type Troubles = Vec<Trouble>;

/// Writes a statement.
pub fn create(create: &Create, out: &mut dyn Write) -> io::Result<Exit> {
    let made = || -> Result<(Statement, Option<fs::File>), Troubles> {
        let state = State::read(&create.path, &create.tree, &create.approval)?;
        let file = create.output.as_deref().map(|file| new_file(file, &state.inputs)).transpose()?;
        let today = state.today();
        Ok((state.statement(today, create.days), file))
    };
    let (statement, file) = match made() {
        Ok(made) => made,
        Err(troubles) => return Ok(troubled(&create.path, &troubles)),
    };
    if statement.findings.errors > 0 {
        complain(&format!("{} errors count in this release; the statement says so", statement.findings.errors));
    }
    match file {
        Some(mut file) => file.write_all(statement.text().as_bytes()).and_then(|()| file.sync_all())?,
        None => out.write_all(statement.text().as_bytes())?,
    }
    Ok(Exit::Clean)
}

/// A file that was not there. Within the tree it would be part of what it speaks of.
fn new_file(file: &Path, inputs: &Inputs) -> Result<fs::File, Troubles> {
    let failed = |what: String| vec![trouble(file, what)];
    if inputs.view == Shipped::default() && placed(&inputs.root, file).map_err(|one| vec![one])?.is_some() {
        return Err(failed("it would lie in the tree that it states; write it elsewhere".to_owned()));
    }
    let made = OpenOptions::new().write(true).create_new(true).open(file);
    made.map_err(|error| failed(error.kind().to_string()))
}

/// Says whether a release is signed.
pub fn verify(verify: &Verify, out: &mut dyn Write) -> io::Result<Exit> {
    let said = match verified(verify) {
        Ok(said) => said,
        Err(troubles) => return Ok(troubled(&verify.path, &troubles)),
    };
    match said {
        Ok(words) => writeln!(out, "{words}").map(|()| Exit::Clean),
        Err(reasons) => {
            for reason in reasons {
                writeln!(out, "refused: {reason}")?;
            }
            Ok(Exit::Findings)
        }
    }
}

/// What is said of a release, or why it is refused.
type Said = Result<String, Vec<String>>;

fn verified(verify: &Verify) -> Result<Said, Troubles> {
    if verify.approval.trust.is_none() {
        let what = "say --trust REVISION: who may sign is never read from what is released";
        return Err(vec![trouble(&verify.path, what)]);
    }
    let state = State::read(&verify.path, &verify.tree, &verify.approval)?;
    let why = match state.needs(verify)? {
        Some(why) => why,
        None => return Ok(Ok("no sign-off is needed: `[signoff.release]` asks for none here".to_owned())),
    };
    let Some(file) = &verify.statement else {
        return Ok(Err(vec![format!("a sign-off is needed, as {why}; no --statement was given")]));
    };
    let text = slurp(file).map_err(|one| vec![one])?;
    let signatures = verify.signature.iter().take(MOST_SIGNATURES).map(|file| signature(file));
    let signatures = signatures.collect::<Result<Vec<_>, _>>().map_err(|one| vec![one])?;
    Ok(state.judge(&text, &signatures))
}

/// A tree, checked and read.
struct State {
    inputs: Inputs,
    raw: Report,
    lines: Vec<Line>,
}

impl State {
    fn read(path: &Path, tree: &TreeArgs, approval: &ApprovalArgs) -> Result<Self, Troubles> {
        let one = |one: Trouble| vec![one];
        let mut inputs = inputs(path, tree).map_err(one)?;
        trust::hear(path, &mut inputs, approval).map_err(one)?;
        if inputs.options.signoff_in_force().repository.is_empty() {
            let what = "`repository` of `[signoff]` is not set; it keeps a signature from counting in another one";
            return Err(vec![trouble(Path::new(config::FILE), what)]);
        }
        let raw = preflight::check(&*inputs.tree, &inputs.options, &bytes(path), &Progress::default());
        let mut raw = Report { view: inputs.view.clone(), ..raw };
        raw.troubles.extend(exit::nothing_checked(&raw.coverage));
        if !raw.troubles.is_empty() {
            return Err(raw.troubles);
        }
        authors::attest(&inputs.root, &inputs.options, &mut raw);
        let lines = lines(&*inputs.tree)?;
        Ok(State { inputs, raw, lines })
    }

    fn today(&self) -> Date {
        self.inputs.options.today.unwrap_or_else(|| trust::today(None))
    }

    /// The report as it is on some day.
    fn report(&self, day: Date) -> Report {
        let options = preflight::options::Options { today: Some(day), ..self.inputs.options.clone() };
        triage::settle(self.raw.clone(), &options, None)
    }

    fn statement(&self, created: Date, days: u32) -> Statement {
        let report = self.report(created);
        let digest = digest(&self.lines);
        let rules: Vec<&[u8]> = self.inputs.rules.iter().map(Vec::as_slice).collect();
        let mut statement = Statement::new(created, days);
        statement.repository.clone_from(&self.inputs.options.signoff_in_force().repository);
        (statement.tree, statement.entries) = (digest.sum, digest.entries);
        statement.unknown = digest.unknown.iter().map(|path| show(path)).collect();
        statement.configuration = digest_of(&rules);
        (statement.findings, statement.waivers) = (counts(&report), used(&report));
        statement
    }

    /// Why this release has to be signed off; `None` where it has not.
    fn needs(&self, verify: &Verify) -> Result<Option<String>, Troubles> {
        let Some(Release { paths, waived_errors }) = &self.inputs.options.signoff_in_force().release else {
            return Ok(Some("every release needs one".to_owned()));
        };
        let before = verify.since.as_deref().map(|revision| self.before(revision, verify)).transpose()?;
        let before = before.unwrap_or_default();
        let apart = |here: &[Line], there: &[Line]| {
            let line = here.iter().find(|line| paths.matches(&line.path) && there.binary_search(line).is_err());
            line.map(|line| show(&line.path))
        };
        if let Some(path) = apart(&self.lines, &before).or_else(|| apart(&before, &self.lines)) {
            return Ok(Some(format!("`{path}` is released with it")));
        }
        let error = used(&self.report(self.today())).into_iter().find(|used| used.severity == "error");
        let error = error.filter(|_| *waived_errors);
        Ok(error.map(|used| format!("an error in `{}` is excused", used.file)))
    }

    /// What was released last.
    fn before(&self, revision: &str, verify: &Verify) -> Result<Vec<Line>, Troubles> {
        let failed = |what: String| vec![trouble(&verify.path, format!("--since: {what}"))];
        let repository = Repository::open(&self.inputs.home).map_err(failed)?;
        let commit = repository.commit(revision).map_err(failed)?;
        let tree = Git::new(&repository, Which::Revision(&commit), verify.tree.jobs).map_err(failed)?;
        lines(&tree)
    }

    fn judge(&self, text: &[u8], signatures: &[Signature]) -> Said {
        let statement = Statement::parse(text).map_err(|what| vec![what])?;
        let (created, expires) = statement.days().map_err(|what| vec![what.to_owned()])?;
        let mut reasons: Vec<String> = statement.untimely(self.today()).into_iter().collect();
        reasons.extend(statement.differences(&self.statement(created, 0)));
        let now = counts(&self.report(self.today()));
        if now.errors > counts(&self.report(created)).errors {
            reasons.push("a waiver that it rests on does not hold any more".to_owned());
        }
        match self.signed(text, signatures, created) {
            Ok(by) if reasons.is_empty() => {
                Ok(format!("signed off by {} until {expires}: {}", by.join(" and "), statement.tree))
            }
            Ok(_) => Err(reasons),
            Err(why) => {
                reasons.push(why);
                Err(reasons)
            }
        }
    }

    fn signed(&self, text: &[u8], signatures: &[Signature], created: Date) -> Result<Vec<String>, String> {
        let trusted: &Trusted = self.inputs.options.trusted.as_ref().ok_or("nobody is trusted")?;
        let signers = Signers::parse(&trusted.signers);
        let people = People::new(Some(trusted), &trusted.signoff, &signers);
        let names: Vec<&str> = signers.names().collect();
        let days = [created, self.today()];
        let asked = Asked { text, namespace: RELEASE, signers: &signers, people: &people, days: &days };
        two(&asked, signatures, &names)
    }
}

fn counts(report: &Report) -> Counts {
    let of = |severity| {
        let counts =
            |one: &&preflight::diagnostic::Diagnostic| one.status == Status::Active && one.severity == severity;
        report.diagnostics.iter().filter(counts).count()
    };
    Counts { errors: of(Severity::Error), warnings: of(Severity::Warning), notes: of(Severity::Note) }
}

fn used(report: &Report) -> Vec<Used> {
    let waived = report.diagnostics.iter().filter(|one| one.status == Status::Waived);
    let used = waived.map(|one| Used {
        finding: one.fingerprint.clone(),
        code: one.code.to_owned(),
        severity: one.severity.name().to_owned(),
        file: show(&one.file),
        reason: one.excuse.as_ref().map(|excuse| excuse.reason.clone()).unwrap_or_default(),
    });
    used.collect()
}

fn signature(file: &Path) -> Result<Signature, Trouble> {
    Ok(Signature { path: file.display().to_string(), bytes: Some(slurp(file)?) })
}

fn slurp(file: &Path) -> Result<Vec<u8>, Trouble> {
    let mut text = Vec::new();
    let read = fs::File::open(file).and_then(|file| file.take(MOST + 1).read_to_end(&mut text));
    read.map_err(|error| trouble(file, error.kind().to_string()))?;
    if text.len() as u64 > MOST { Err(trouble(file, format!("larger than {MOST} bytes"))) } else { Ok(text) }
}

fn troubled(path: &Path, troubles: &[Trouble]) -> Exit {
    for one in troubles {
        complain(&check::told(path, one));
    }
    Exit::Trouble
}
