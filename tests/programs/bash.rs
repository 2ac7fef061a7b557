//! Bash's own `source` against preflight's word, over generated names.

use std::collections::BTreeSet;
use std::process::Command;

use libtest_mimic::{Failed, Trial};
use preflight::options::Options;
use preflight::tree::Directory;

use crate::draw::Draw;
use crate::loaded::{agree, write};
use crate::needs::needs;

/// Scripts that are run.
const CASES: usize = 1_500;
/// Files of the tree.
const FILES: [&str; 5] = ["lib/common.sh", "lib/Mixed.bash", "lib/sub/deep-name.sh", "conf/site.env", "lib/a_b.sh"];
/// Ways to source `@` from the directory of the script.
const WAYS: [&str; 10] = [
    ". \"$(dirname \"$0\")/@\"",
    "source \"$(dirname \"${BASH_SOURCE[0]}\")/@\"",
    "source \"$(cd \"$(dirname \"${BASH_SOURCE[0]}\")\" >/dev/null 2>&1 && pwd)/@\"",
    "DIR=\"$(cd \"$(dirname \"$0\")\" && pwd -P)\"\nsource \"$DIR/@\"",
    "HERE=$(dirname \"$(readlink -f \"$0\")\")\n. \"${HERE}/@\"",
    ". \"${0%/*}/@\"",
    "cd \"$(dirname \"$0\")\"\n. './@'",
    "cd \"$(dirname \"$0\")/lib\" || exit 3\n. \"../@\"",
    "A=`dirname $0`\nB=$A/lib\n. \"$B/../@\"",
    "source \"$(realpath \"$(dirname \"$0\")\")\"'/@'",
];

/// One trial.
pub fn trials() -> Vec<Trial> {
    vec![needs(&["bash"], "bash/sources", sources)]
}

fn sources() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    for file in FILES {
        write(folder.path(), file, "")?;
    }
    let mut draw = Draw(43);
    let (mut cases, mut refused) = (Vec::new(), BTreeSet::new());
    for number in 0..CASES {
        let file = draw.of(&FILES);
        let name = draw.spoiled(file);
        let line = draw.of(&WAYS).replace('@', &draw.detour(&name));
        let script = format!("case-{number}.sh");
        write(folder.path(), &script, &format!("#!/bin/bash\nset -e\n{line}\n"))?;
        if !Command::new("bash").arg(folder.path().join(script)).current_dir("/").output()?.status.success() {
            refused.insert(number);
        }
        cases.push(line);
    }
    let told = preflight::references(&Directory::new(folder.path().to_path_buf(), 1), &Options::default());
    agree(&cases, &refused, &told)
}
