//! Programs whose arguments name files, as rows.

/// What the first argument that is no option is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operand {
    /// A script.
    Script,
    /// A Python module and an object of it.
    Module,
    /// Nothing that is looked up.
    None,
}

/// A program.
#[derive(Debug)]
pub(super) struct Program {
    /// Its names; a version may follow.
    pub names: &'static [&'static str],
    /// How reports call what it is given.
    pub construct: &'static str,
    /// What its first operand is.
    pub operand: Operand,
    /// Operands without an extension that are scripts all the same; `*` is any.
    pub scripts: &'static [&'static str],
    /// Options with a file.
    pub files: &'static [&'static str],
    /// Options with a directory, in which what follows is looked up.
    pub directories: &'static [&'static str],
    /// Options with a module.
    pub modules: &'static [&'static str],
    /// Options with another value.
    pub valued: &'static [&'static str],
    /// Long options without a value.
    pub flags: &'static [&'static str],
    /// Options behind which nothing is looked up: a program text, or a module whose arguments are its own.
    pub stops: &'static [&'static str],
    /// Its operands are commands of its own, and what it reads may be a directory.
    pub subcommands: bool,
}

impl Program {
    /// Whether it is called by this name, or by it and a version.
    pub fn is(&self, name: &[u8]) -> bool {
        let version = |rest: &[u8]| rest.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
        self.names.iter().any(|known| name.strip_prefix(known.as_bytes()).is_some_and(version))
    }

    /// Whether the word behind an option is its value.
    pub fn takes_value(&self, option: &[u8]) -> bool {
        [self.files, self.directories, self.modules, self.valued].iter().any(|options| is(options, option))
    }

    /// Whether a long option stands alone.
    pub fn is_flag(&self, option: &[u8]) -> bool {
        is(self.flags, option)
    }
}

/// Whether an option is one of these.
pub(super) fn is(options: &[&str], option: &[u8]) -> bool {
    options.iter().any(|known| known.as_bytes() == option)
}

const NONE: Program = Program {
    names: &[],
    construct: "",
    operand: Operand::None,
    scripts: &[],
    files: &[],
    directories: &[],
    modules: &[],
    valued: &[],
    flags: &[],
    stops: &[],
    subcommands: false,
};
const SCRIPT: Program = Program { operand: Operand::Script, ..NONE };
const TOOL: Program = Program { subcommands: true, ..NONE };

/// Every program, sorted by its first name.
pub(super) const PROGRAMS: [Program; 21] = [
    Program { names: &[".", "source"], construct: "source", ..SCRIPT },
    Program {
        names: &["ansible-playbook"],
        construct: "ansible-playbook",
        valued: &["-i", "-e", "-l", "-t", "-u", "--inventory", "--limit", "--tags"],
        ..SCRIPT
    },
    Program {
        names: &["bash", "dash", "ksh", "sh", "zsh"],
        construct: "shell script",
        valued: &["-o", "-O", "+o"],
        flags: &["--login", "--noprofile", "--norc", "--posix"],
        stops: &["-c", "-ec", "-lc", "-xc", "-euc", "-s"],
        ..SCRIPT
    },
    Program { names: &["celery"], construct: "celery", modules: &["-A", "--app"], valued: &["-b", "-l"], ..TOOL },
    Program {
        names: &["daphne", "hypercorn", "uvicorn"],
        construct: "application",
        operand: Operand::Module,
        files: &["-c", "--config", "--env-file", "--log-config"],
        directories: &["--app-dir"],
        valued: &["-b", "-p", "-u", "-w", "--bind", "--host", "--port", "--uds", "--workers"],
        flags: &["--factory", "--proxy-headers", "--reload"],
        ..NONE
    },
    Program { names: &["docker"], construct: "docker", files: &["-f", "--file"], ..TOOL },
    Program { names: &["docker-compose"], construct: "docker-compose", files: &["-f", "--file"], ..TOOL },
    Program { names: &["flask"], construct: "flask", modules: &["--app", "-A"], ..TOOL },
    Program {
        names: &["gunicorn"],
        construct: "application",
        operand: Operand::Module,
        files: &["-c", "--config"],
        directories: &["--chdir"],
        valued: &["-b", "-w", "-k", "-t", "-u", "-g", "-m", "-n", "-p", "-e", "-R"],
        flags: &[
            "--preload",
            "--daemon",
            "--reload",
            "--capture-output",
            "--no-sendfile",
            "--enable-stdio-inheritance",
        ],
        ..NONE
    },
    Program { names: &["kubectl"], construct: "kubectl", files: &["-f", "-k", "--filename"], ..TOOL },
    Program { names: &["nginx"], construct: "nginx", files: &["-c"], valued: &["-g", "-p", "-e"], ..NONE },
    Program {
        names: &["node", "nodejs"],
        construct: "node script",
        files: &["--env-file"],
        valued: &["-r", "--require", "--import", "--loader"],
        flags: &["--inspect", "--no-warnings", "--enable-source-maps", "--watch"],
        stops: &["-e", "-p", "--eval", "--print"],
        ..SCRIPT
    },
    Program {
        names: &["perl"],
        construct: "perl script",
        valued: &["-I"],
        stops: &["-e", "-E", "-ne", "-pe", "-pi", "-i", "-0pe"],
        ..SCRIPT
    },
    Program {
        names: &["php"],
        construct: "php script",
        scripts: &["*"],
        files: &["-f"],
        valued: &["-d", "-c", "-S", "-t"],
        stops: &["-r", "-m", "-i", "-v", "--version"],
        ..SCRIPT
    },
    Program { names: &["php-fpm"], construct: "php-fpm", files: &["-y", "-c"], valued: &["-d", "-g", "-p"], ..NONE },
    Program {
        names: &["pip"],
        construct: "pip",
        files: &["-r", "-c", "--requirement", "--constraint"],
        valued: &["-e", "-i", "-t"],
        ..NONE
    },
    Program {
        names: &["python"],
        construct: "python script",
        modules: &["-m"],
        valued: &["-W", "-X"],
        stops: &["-c"],
        ..SCRIPT
    },
    Program { names: &["ruby"], construct: "ruby script", valued: &["-I", "-r"], stops: &["-e"], ..SCRIPT },
    Program { names: &["supervisord"], construct: "supervisord", files: &["-c", "--configuration"], ..NONE },
    Program { names: &["ts-node", "tsx"], construct: "node script", valued: &["-r", "-P", "--project"], ..SCRIPT },
    Program {
        names: &["uwsgi"],
        construct: "uwsgi",
        files: &["--file", "--ini", "--json", "--wsgi-file", "--yaml", "-y"],
        directories: &["--chdir"],
        modules: &["--module", "--wsgi", "-w"],
        valued: &["-s", "-p", "-H", "--http", "--socket", "--http-socket", "--processes", "--threads"],
        ..NONE
    },
];

/// A program that starts another one: its name, how many operands of its own it has, its options with a value.
pub(super) struct Wrapper(pub &'static str, pub usize, pub &'static [&'static str]);

/// Sorted by name.
pub(super) const WRAPPERS: [Wrapper; 14] = [
    Wrapper("chronic", 0, &[]),
    Wrapper("command", 0, &[]),
    Wrapper("docker-php-entrypoint", 0, &[]),
    Wrapper("dumb-init", 0, &[]),
    Wrapper("env", 0, &["-u"]),
    Wrapper("exec", 0, &["-a"]),
    Wrapper("gosu", 1, &[]),
    Wrapper("nice", 0, &["-n"]),
    Wrapper("nohup", 0, &[]),
    Wrapper("su-exec", 1, &[]),
    Wrapper("sudo", 0, &["-g", "-u"]),
    Wrapper("time", 0, &["-f", "-o"]),
    Wrapper("tini", 0, &["-p"]),
    Wrapper("xvfb-run", 0, &["-n", "-s"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted() {
        assert!(PROGRAMS.is_sorted_by_key(|program| program.names.first()));
        assert!(PROGRAMS.iter().all(|program| program.names.is_sorted()));
        assert!(WRAPPERS.is_sorted_by_key(|wrapper| wrapper.0));
    }
}
