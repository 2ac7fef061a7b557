//! The table of codes, sorted by name.

use super::{Code, Severity};

const fn row(name: &'static str, severity: Severity, summary: &'static str, explanation: &'static str) -> Code {
    Code { name, severity, summary, explanation }
}

use Severity::{Error, Warning};

/// Every code that can appear in a report, sorted by name.
pub const CODES: &[Code] = &[
    row(
        "case-mismatch",
        Error,
        "the name differs from an existing one only in upper and lower case",
        "Linux and most servers compare names byte by byte; macOS and Windows do not. A reference that works on \
         the developer's machine then fails in production. Write the name exactly as the file is called, in every \
         segment of the path, or rename the file.",
    ),
    row(
        "expired-waiver",
        Error,
        "a waiver of the waiver file has expired, or soon will",
        "What it excused counts again from that day on. Mend the cause, or let two people approve anew. For two weeks \
         before that day it is a warning.",
    ),
    row(
        "invalid-waiver",
        Error,
        "a waiver of the waiver file does not count",
        "It excuses one finding, known by its fingerprint, for at most 90 days, with a reason of twenty characters or \
         more, and two different people approve it: case, dots, `+tags`, `.mailmap` and aliases make no other person, a \
         robot is none, and neither is who looks like another. An error needs what `accept` of `[signoff]` says, by \
         default their signatures, checked against the list of signers of the revision that `--trust` names. Names that \
         cannot be seen or that end in white space, and findings about waivers, are never waived.",
    ),
    row(
        "invisible-character",
        Error,
        "the name differs from an existing one by a character that cannot be seen",
        "Zero-width spaces, non-breaking spaces, control and direction characters come from copied text. They are \
         part of a file name like any other character. Delete them on the side that has them.",
    ),
    row(
        "leading-space",
        Error,
        "the name differs from an existing one by white space at its start",
        "A blank at the start of a name is part of the name. Delete it on the side that has it.",
    ),
    row(
        "look-alike",
        Error,
        "the name differs from an existing one by letters of another script that look the same",
        "A Cyrillic `а` (U+0430) is not a Latin `a`. Names are compared as Unicode's confusables table (UTS 39) \
         folds them. Retype the name.",
    ),
    row(
        "missing-file",
        Error,
        "the name is not in the tree, and nothing near it is",
        "Every place the language would look was tried, and none holds the file. Add the file, mend the \
         reference, or, where a build creates it, name it under `generated` in preflight.toml. With --base a \
         reference that was satisfied there is told, too, where what it starts from is not known.",
    ),
    row(
        "misspelled",
        Error,
        "the name is one or two letters away from an existing one",
        "A letter is missing, doubled, swapped or wrong. Reported only where the reference resolves to nothing and \
         one single entry of that directory is that near.",
    ),
    row(
        "name-bidi",
        Error,
        "a name holds a direction control character",
        "Characters such as U+202E reorder what people see, so that a name can pose as another. Rename the entry.",
    ),
    row(
        "name-case-collision",
        Warning,
        "two names in one directory differ only in case",
        "On a case-insensitive disk, and after a checkout there, only one of the two exists. Rename one.",
    ),
    row(
        "name-compat",
        Error,
        "a name holds fullwidth letters or ligatures",
        "`index．php` with U+FF0E has no extension. Reported in names of programs; East Asian titles have such \
         characters by right. Rename the entry.",
    ),
    row(
        "name-confusable-collision",
        Error,
        "two names in one directory look the same",
        "Their UTS 39 skeletons are equal: no person can tell which one a reference means. Rename one.",
    ),
    row(
        "name-confusable-ext",
        Error,
        "an extension looks like a known one but is not",
        "A letter of another script stands in the extension; no server will treat the file as what it seems to be.",
    ),
    row(
        "name-control",
        Error,
        "a name holds a control character",
        "Line ends, tabs and escape characters in names break tools and cannot be seen. Rename the entry.",
    ),
    row(
        "name-cr",
        Error,
        "a name ends in a carriage return",
        "A script with Windows line ends created it. Rename the entry and convert the script.",
    ),
    row(
        "name-dash-lookalike",
        Warning,
        "a name holds a typographic dash or quote",
        "It came from a word processor; the reference is typed with the plain ASCII character. Reported in names of \
         programs and style sheets. Rename the entry.",
    ),
    row(
        "name-differs-from-git",
        Warning,
        "a name has another case or Unicode form in git than on the disk",
        "A disk that ignores the difference (macOS, Windows) hides it from git and from whoever works there. A server \
         that gets the files from git has the other name, and references that follow the disk fail there. Rename the \
         file with `git mv`, in two steps where git says that the name is taken.",
    ),
    row(
        "name-dot-oddity",
        Error,
        "a name has doubled dots before its extension",
        "`a..php` is not `a.php`. Rename the entry.",
    ),
    row(
        "name-double-ext",
        Error,
        "a name repeats its extension",
        "`index.html.html` is what an editor that hides extensions saves. Rename the entry.",
    ),
    row(
        "name-editor-leftover",
        Error,
        "an editor or a merge left a copy of a program below the document root",
        "A server runs `config.php` and hands out `config.php.bak` as text, source and secrets included. Delete it from \
         what is deployed. Such copies elsewhere are not reported.",
    ),
    row(
        "name-ext-typo",
        Error,
        "an extension is one slip away from that of the files beside it",
        "`.phpp` is not executed and `.jss` is not loaded. Reported where files beside it have the right extension and \
         fewer than three of the tree have this one. Rename the entry.",
    ),
    row(
        "name-invalid-utf8",
        Warning,
        "a name is not valid UTF-8",
        "Archives, object stores and many servers refuse or rewrite such names. Rename the entry.",
    ),
    row(
        "name-leading-space",
        Error,
        "a name begins with white space",
        "The blank is part of the name, and nobody types it. Rename the entry.",
    ),
    row(
        "name-loaded-leftover",
        Error,
        "a copy in a directory of parts is loaded besides what it is a copy of",
        "nginx's `include sites-enabled/*` takes every name there, `default.bak` included: two servers of one name, the \
         older one of which may answer. Delete the copy. A warning where the tree does not hold the configuration that \
         includes it.",
    ),
    row(
        "name-mixed-script",
        Error,
        "a word in a name mixes letters of two scripts",
        "One Cyrillic or Greek letter within a Latin word cannot be seen and never matches what is typed. Rename the entry.",
    ),
    row(
        "name-nbsp",
        Error,
        "a name holds a space that is not the space of the keyboard",
        "A non-breaking space looks like a space and is not one. Rename the entry.",
    ),
    row(
        "name-not-loaded",
        Error,
        "one slip in a name keeps what loads its directory from seeing it",
        "`conf.d/*.conf` passes `site.cof` over, cron a name with a dot, Apache `.htacess`, GitHub a workflow outside of \
         `.github/workflows`: without a word, the file is not there. Rename it. What is plainly left out on purpose \
         (`site.conf.disabled`) is not reported.",
    ),
    row(
        "name-not-nfc",
        Error,
        "a name is not in Unicode normal form C",
        "macOS stores `é` as two characters; what is typed is one. An error where both forms stand in one directory. \
         Rename the entry.",
    ),
    row(
        "name-secret-in-webroot",
        Error,
        "a secret lies below the document root",
        "Whoever guesses the name can download it. Keep it outside of what is served. An error where the document root \
         is configured, a warning where it is a convention.",
    ),
    row(
        "name-space-before-ext",
        Error,
        "white space stands next to the last dot of a name",
        "`index .php` is not `index.php`. Rename the entry.",
    ),
    row(
        "name-stacked-ext",
        Error,
        "a program or a configuration carries a second extension",
        "`.htaccess.txt` is not loaded and `page.php.txt` shows its source. Rename the entry.",
    ),
    row(
        "name-too-long",
        Error,
        "a name is longer than file systems allow",
        "Most file systems end at 255 bytes. Rename the entry.",
    ),
    row(
        "name-trailing-space",
        Error,
        "a name ends in white space",
        "The outage this program is named for: `app_config.py` was deployed as `app_config.py` and a space, and every request failed. Rename the entry.",
    ),
    row(
        "name-trailing-ws-unicode",
        Error,
        "a name ends in white space beyond ASCII",
        "A non-breaking or ideographic space ends the name and cannot be seen. Rename the entry.",
    ),
    row(
        "name-unassigned-private",
        Error,
        "a name went through a wrong decoding",
        "Replacement characters, private-use characters and `Ã©` for `é` are what wrong decodings leave. Rename the entry.",
    ),
    row(
        "name-windows-char",
        Warning,
        "a name holds a backslash",
        "An archive made on Windows was unpacked by a program that took `\\` for a letter: `app\\index.php` is one name \
         here, not a file in a folder. Other characters that Windows forbids are ordinary on Linux and not reported.",
    ),
    row(
        "name-windows-reserved",
        Warning,
        "a name is reserved by Windows",
        "`con`, `aux`, `nul` and their like cannot be created there. Reported only in a tree that is for Windows, too \
         (`web.config`, `*.csproj`).",
    ),
    row(
        "name-windows-trailing-dot",
        Error,
        "a name ends in a dot",
        "Windows drops the dot, Linux keeps it. Rename the entry.",
    ),
    row(
        "name-zero-width",
        Error,
        "a name holds a character of no width",
        "Zero-width spaces and joiners cannot be seen and are never typed. Rename the entry.",
    ),
    row(
        "not-deployed",
        Error,
        "the file is there, but it is kept out of what ships",
        "It works where it was written and fails where it is deployed: git does not track the file, or a pattern of \
         `.gitattributes` (`export-ignore`) or of `.dockerignore` keeps it out of the archive or of the build. The message \
         names the line. Narrow the pattern, track the file, or do without it. Nothing is said where the file that names \
         it does not ship either, and where the absence is normal because a build or a package manager fills the folder.",
    ),
    row(
        "policy-changed",
        Warning,
        "the rules are looser than those of the trusted revision",
        "The configuration of the tree turns a code down, leaves more out, moves a mount, or asks less of those who \
         approve. What `[signoff]` of the trusted revision says holds all the same: a change cannot loosen the rules by \
         which it is signed. The rest holds as it is written, so that the people who approve it should look at it.",
    ),
    row(
        "trailing-space",
        Error,
        "the name differs from an existing one by white space at its end",
        "`app_config.py` and `app_config.py` with a space are two different files. Delete the blank on the side that has it.",
    ),
    row(
        "undefined-name",
        Error,
        "nothing defines the name",
        "It names no file but something that another line must define, such as a location `@app` of nginx. The \
         configuration is accepted, and each request that comes to it fails. Define it, or write the name of one that is.",
    ),
    row(
        "unicode-form",
        Error,
        "the name differs from an existing one only in its Unicode form",
        "`é` can be one character or two. macOS treats both alike, Linux does not. Write both sides in normal form C.",
    ),
    row(
        "unowned-waivers",
        Severity::Note,
        "CODEOWNERS gives the waiver file to nobody",
        "The trusted revision says who owns which file, and nobody is asked where a waiver is added. Give the file to the \
         people who decide on risks; that they are asked only the protection of branches at the forge can enforce.",
    ),
    row(
        "unused-waiver",
        Warning,
        "a waiver covers nothing",
        "What it allowed is gone, or the waiver has no reason, or names a code that does not exist, or one person may not \
         excuse that (`allow-up-to` of `[signoff]`). Delete or mend it. An error with `--strict-waivers`.",
    ),
    row(
        "wrong-encoding",
        Error,
        "the name differs from an existing one by percent-encoding",
        "A URL is decoded once. `my%2520pic.png` asks for a file named `my%20pic.png`.",
    ),
    row(
        "wrong-extension",
        Error,
        "the stem exists with another extension",
        "`.phpp` for `.php`, `.JPG.jpg`, `.html` for a page that is now `.php`. Write the extension of the existing file.",
    ),
    row(
        "wrong-separator",
        Error,
        "the name differs from an existing one by its separators",
        "A forgotten slash (`__DIR__ . 'x.php'`) or a backslash: on Linux a backslash is a letter of the name.",
    ),
];
