//! What languages load, case by case: a program's word against preflight's.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use libtest_mimic::Failed;
use preflight::Listed;
use preflight::resolve::Resolution;

/// Writes a file with its folders.
pub fn write(folder: &Path, name: &str, text: &str) -> Result<(), Failed> {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
    Ok(std::fs::write(path, text)?)
}

/// Whether a program refuses the very cases (`case-N.…`) in which a name is told to be missing, and opens the others.
pub fn agree(cases: &[String], refused: &BTreeSet<usize>, told: &[Listed]) -> Result<(), Failed> {
    let mut wrong = String::new();
    let (mut found, mut missing) = (0, 0);
    for one in told {
        let file = String::from_utf8_lossy(&one.file).into_owned();
        let number = file.strip_prefix("case-").and_then(|rest| rest.split('.').next());
        let Some(case) = number.and_then(|number| number.parse::<usize>().ok()) else { continue };
        let agrees = match one.resolution {
            Resolution::Found(_) => {
                found += 1;
                !refused.contains(&case)
            }
            Resolution::Missing(_) => {
                missing += 1;
                refused.contains(&case)
            }
            _ => true,
        };
        if !agrees {
            let _ = writeln!(wrong, "{}: {:?}", cases[case], one.resolution);
        }
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    let few = found * 10 < cases.len() || missing * 10 < cases.len();
    if few { Err(format!("only {found} found and {missing} missing of {}", cases.len()).into()) } else { Ok(()) }
}
