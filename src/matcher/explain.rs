//! What is wrong, why, and what to write: a judged miss as a diagnostic.

use super::{Near, is_known};
use crate::check::{Lost, Miss};
use crate::diagnostic::{
    Applicability, Certainty, Diagnostic, Difference, Edit, Fate, Fix, NearMiss, Severity, Span, Status, Subject,
    is_invisible, show,
};
use crate::language::spelling::{Reach, Written};
use crate::path;
use crate::reference::{Autoloaded, Loaded, Namespace, Puppet, Rails, Server};
use crate::source::Source;

/// Most paths that a diagnostic says were tried.
const MAX_TRIED: usize = 3;

/// A judged miss, with all there is to explain it by.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// The miss.
    pub miss: &'a Miss,
    /// Path of the file that holds it.
    pub file: &'a [u8],
    /// Its source.
    pub source: &'a Source<'a>,
    /// A row of the table of codes.
    pub code: &'static str,
    /// How bad.
    pub severity: Severity,
    /// The path it speaks of.
    pub target: &'a [u8],
    /// Certainty of the base.
    pub certainty: Certainty,
    /// What was probably meant.
    pub near: &'a [Near],
    /// It speaks of a name, and not of a path of the tree.
    pub named: bool,
    /// What git's history says of the path it speaks of.
    pub fate: Option<&'a Fate>,
}

/// Puts a judged miss into words.
#[must_use]
pub fn explain(judged: &Judged<'_>) -> Diagnostic {
    let Judged { miss, source, .. } = *judged;
    let meant = |near: &&Near| !near.hint && judged.code == near.miss.difference.code();
    let best = judged.near.first().filter(meant);
    let kept_out = miss.kept_out.as_ref();
    let became = became(judged);
    let fix = best.and_then(|near| fix(judged, near)).or_else(|| renamed(judged, became.as_ref()?));
    Diagnostic {
        code: judged.code,
        severity: judged.severity,
        status: Status::Active,
        excuse: None,
        message: message(judged, best),
        help: match kept_out {
            Some(there) => Some(there.why.help().to_owned()),
            None => and_history(judged, help(judged, best, fix.as_ref()), became.as_ref()),
        },
        file: judged.file.to_vec(),
        location: Some(source.locate(miss.span)),
        subject: Some(Subject {
            language: miss.language,
            construct: miss.construct,
            namespace: miss.namespace.name(),
            text: miss.span.of(source.bytes()).to_vec(),
            target: Some(judged.target.to_vec()),
            base: judged.certainty,
            strength: miss.strength,
            guarded: miss.guarded,
        }),
        tried: miss.candidates.iter().take(MAX_TRIED).map(|candidate| candidate.path.clone()).collect(),
        near_misses: with_new_name(judged, became),
        more: miss.more,
        fix,
        fingerprint: String::new(),
    }
}

/// The name that a file has now, where git shows that it was renamed.
fn became(judged: &Judged<'_>) -> Option<Near> {
    let path = judged.fate?.became.clone()?;
    let known = judged.near.iter().find(|near| near.miss.path == path);
    let miss = NearMiss { path, difference: Difference::Moved, cost: 0, rival: false };
    Some(known.cloned().unwrap_or(Near { miss, slip: false, hint: true }))
}

/// What was probably meant, the new name of a renamed file first.
fn with_new_name(judged: &Judged<'_>, became: Option<Near>) -> Vec<NearMiss> {
    let mut near: Vec<NearMiss> = judged.near.iter().map(|near| near.miss.clone()).collect();
    if let Some(became) = became {
        near.retain(|one| one.path != became.miss.path);
        near.insert(0, became.miss);
    }
    near
}

/// A person should look: a reference to a renamed file may have another reason to change than its name.
fn renamed(judged: &Judged<'_>, became: &Near) -> Option<Fix> {
    let edit = edit(judged, &became.miss.path)?;
    Some(Fix { applicability: Applicability::Review, edits: vec![edit], renames: Vec::new() })
}

/// What to do, and what git's history says where the message does not.
fn and_history(judged: &Judged<'_>, help: Option<String>, became: Option<&Near>) -> Option<String> {
    let help = match became {
        Some(near) if near.hint => Some(format!("write `{}`", show(&changed_tail(judged.target, &near.miss.path)))),
        _ => help,
    };
    let told = judged.fate.filter(|_| judged.miss.lost.is_none()).map(Fate::told);
    let told = told.map(|told| format!("it was {told}"));
    let parts: Vec<String> = help.into_iter().chain(told).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// What the comparison with an earlier tree says.
fn since(lost: &Lost) -> String {
    match &lost.fate {
        Some(fate) => format!("at {} it was there, and was {}", lost.at, fate.told()),
        None => format!("at {} this named `{}`", lost.at, show(&lost.target)),
    }
}

fn message(judged: &Judged<'_>, best: Option<&Near>) -> String {
    let message = what(judged, best);
    match &judged.miss.lost {
        Some(lost) if judged.miss.kept_out.is_none() => format!("{message}; {}", since(lost)),
        _ => message,
    }
}

fn what(judged: &Judged<'_>, best: Option<&Near>) -> String {
    let target = show(judged.target);
    if let Some(there) = &judged.miss.kept_out {
        return format!("`{target}` is there but does not ship: {}", there.why.reason());
    }
    if judged.named {
        return named(judged, &target, best.map(|near| show(&near.miss.path)));
    }
    match best {
        Some(near) if judged.miss.namespace == Namespace::Class(Autoloaded::Declared) => {
            format!("the autoloader looks for this class in `{target}`; it is in `{}`", show(&near.miss.path))
        }
        Some(near) if judged.miss.namespace == Namespace::Class(Autoloaded::Used) => {
            let meant = show(&near.miss.path);
            format!("the autoloader looks for this class in `{target}`, which is not in the tree; `{meant}` is")
        }
        Some(near) => format!("`{target}` is not in the tree; `{}` is", show(&near.miss.path)),
        None => format!("`{target}` is not in the tree"),
    }
}

/// What is said of a name that is no path of the tree.
fn named(judged: &Judged<'_>, name: &str, meant: Option<String>) -> String {
    match (judged.miss.namespace, meant) {
        (Namespace::Defined { what, .. }, Some(meant)) => format!("`{name}` is no {}; `{meant}` is", what.noun()),
        (Namespace::Defined { what, .. }, None) => format!("`{name}` is no {}", what.noun()),
        (Namespace::Sidebar, Some(meant)) => format!("no document has the id `{name}`; `{meant}` is one's"),
        (Namespace::Sidebar, None) => format!("no document has the id `{name}`"),
        (Namespace::Nuxt(kind), Some(meant)) => {
            format!("`{name}` is no {} of this application; `{meant}` is", kind.noun())
        }
        (Namespace::Nuxt(kind), None) => format!("`{name}` is no {} of this application", kind.noun()),
        (Namespace::Rails(Rails::Constant), Some(meant)) => {
            format!("Zeitwerk wants `{name}` of a file of this name; it defines `{meant}`")
        }
        (Namespace::Server(Server::Apart), _) => {
            format!("the name starts from the root of the server, and not from here: `{name}` is not read")
        }
        (Namespace::Server(Server::Settings), Some(meant)) => {
            format!("`{name}` is no directory that is served here; `{meant}` is")
        }
        (_, Some(meant)) => format!("`{name}` is not in the tree; `{meant}` comes with the server"),
        (_, None) => format!("nothing in the tree matches `{name}`"),
    }
}

fn help(judged: &Judged<'_>, best: Option<&Near>, fix: Option<&Fix>) -> Option<String> {
    let Some(near) = best else { return hints(judged.near) };
    if judged.miss.namespace == Namespace::Rails(Rails::Constant) {
        return Some(misnamed(judged.target, near));
    }
    let rename = fix.and_then(|fix| fix.renames.first());
    let action = match rename {
        Some((from, to)) => format!("rename `{}` to `{}`", show(path::name(from)), show(path::name(to))),
        None if judged.target == near.miss.path => format!("write `/{}`", show(&near.miss.path)),
        None => format!("write `{}`", show(&as_written(judged, &changed_tail(judged.target, &near.miss.path)))),
    };
    Some(match reason(judged.target, near) {
        Some(reason) => format!("{action}: {reason}"),
        None => action,
    })
}

/// What is to be done about a constant that the name of its file does not say.
fn misnamed(wanted: &[u8], near: &Near) -> String {
    let (wanted, have) = (show(wanted), show(&near.miss.path));
    if near.miss.difference == Difference::Case {
        return format!("call it `{wanted}`, or name the acronym in `config/initializers/inflections.rb`");
    }
    format!("rename the file so that it says `{have}`, or call the constant `{wanted}`")
}

/// The end of a path as the reference would write it.
fn as_written(judged: &Judged<'_>, tail: &[u8]) -> Vec<u8> {
    match judged.miss.namespace {
        Namespace::Class(_) => {
            let name = tail.strip_suffix(b".php").unwrap_or(tail);
            name.iter().map(|&byte| if byte == b'/' { b'\\' } else { byte }).collect()
        }
        _ => tail.to_vec(),
    }
}

/// Other entries that may have been meant, where none can be preferred.
fn hints(near: &[Near]) -> Option<String> {
    let names: Vec<String> = near.iter().take(3).map(|near| format!("`{}`", show(&near.miss.path))).collect();
    match (names.as_slice(), near.first()?.miss.difference) {
        ([one], Difference::Moved) => Some(format!("a file of this name is at {one}")),
        (_, Difference::Moved) => Some(format!("files of this name are at {}", names.join(" and "))),
        ([one], _) => Some(format!("near it is {one}")),
        _ => Some(format!("near it are {}", names.join(", "))),
    }
}

/// The path that was meant, from the first segment that differs.
fn changed_tail(written: &[u8], meant: &[u8]) -> Vec<u8> {
    let same = path::segments(written).zip(path::segments(meant)).take_while(|(a, b)| a == b).count();
    let tail: Vec<&[u8]> = path::segments(meant).skip(same).collect();
    if tail.is_empty() { meant.to_vec() } else { tail.join(&b'/') }
}

/// Why the two are not the same, where that cannot be seen.
fn reason(written: &[u8], near: &Near) -> Option<String> {
    let meant = &near.miss.path;
    Some(match near.miss.difference {
        Difference::TrailingSpace => "white space at the end is part of a name".to_owned(),
        Difference::LeadingSpace => "white space at the start is part of a name".to_owned(),
        Difference::Case => "names are compared byte by byte, upper and lower case differ".to_owned(),
        Difference::UnicodeForm => "the same letters, in another Unicode form (see NFC and NFD)".to_owned(),
        Difference::Separator => "a separator is missing or wrong".to_owned(),
        Difference::Encoding => "a URL is percent-decoded exactly once".to_owned(),
        Difference::Invisible | Difference::LookAlike => {
            let odd = odd_character(written, meant).or_else(|| odd_character(meant, written))?;
            format!("there is a U+{:04X} that looks like something else or like nothing", u32::from(odd))
        }
        Difference::Extension | Difference::Spelling | Difference::Moved => return None,
    })
}

/// The first character beyond ASCII that one path has and the other has not.
fn odd_character(path: &[u8], other: &[u8]) -> Option<char> {
    let other: Vec<char> = String::from_utf8_lossy(other).chars().collect();
    String::from_utf8_lossy(path).chars().find(|c| (!c.is_ascii() || is_invisible(*c)) && !other.contains(c))
}

/// The odd side is mended: the file where its own name is odd, else the reference.
fn fix(judged: &Judged<'_>, near: &Near) -> Option<Fix> {
    let meant = near.miss.path.as_slice();
    let applicability = match near.miss.difference {
        Difference::Spelling | Difference::Encoding => Applicability::Review,
        Difference::Extension if !near.slip => Applicability::Review,
        _ if judged.certainty == Certainty::Open => Applicability::Review,
        _ => Applicability::Safe,
    };
    let same_directory = !judged.named && path::parent(judged.target) == path::parent(meant);
    let is_odd = is_odd(path::name(meant)) && !is_odd(path::name(judged.target))
        || near.miss.difference == Difference::LookAlike && judged.target.is_ascii();
    if is_declared(judged.miss.namespace, near.miss.difference) || same_directory && is_odd {
        let renames = vec![(meant.to_vec(), judged.target.to_vec())];
        return same_directory.then_some(Fix { applicability, edits: Vec::new(), renames });
    }
    // Where a name is imported, all its uses follow it in case only.
    if judged.miss.namespace == Namespace::Class(Autoloaded::Used) && near.miss.difference != Difference::Case {
        return None;
    }
    let edit = edit(judged, meant)?;
    Some(Fix { applicability, edits: vec![edit], renames: Vec::new() })
}

/// Whether the file must be called as it is looked for: a class is declared, and Puppet folds its names to lower case.
fn is_declared(namespace: Namespace, difference: Difference) -> bool {
    match namespace {
        Namespace::Class(kind) => kind == Autoloaded::Declared,
        Namespace::Loaded(Loaded::Helper | Loaded::Library | Loaded::Model) => difference == Difference::Case,
        Namespace::Puppet { kind: Puppet::Class | Puppet::Type | Puppet::Function, .. } => {
            difference == Difference::Case
        }
        _ => false,
    }
}

/// Whether a name is wrong in itself.
fn is_odd(name: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(name) else { return true };
    let (_, extension) = path::split_extension(name);
    text.trim() != text || text.contains(is_invisible) || extension.is_some_and(|extension| !is_known(extension))
}

/// The smallest change of the reference's last literal that makes it name `meant`.
fn edit(judged: &Judged<'_>, meant: &[u8]) -> Option<Edit> {
    let Judged { miss, source, .. } = *judged;
    if judged.target == meant && miss.tail.start < miss.tail.end {
        // Glued to the name of the root itself, which no path shows.
        let span = Span { end: miss.tail.start, ..miss.tail };
        return Some(Edit { file: judged.file.to_vec(), span, new: b"/".to_vec() });
    }
    let written =
        Written { source: source.bytes(), tail: miss.tail, language: miss.language, namespace: miss.namespace };
    let (span, new) = written.change(judged.target, meant, Reach::Below)?;
    Some(Edit { file: judged.file.to_vec(), span, new })
}
