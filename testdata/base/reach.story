Where there is nothing to compare with, nothing is called clean.

-- a.php --
<?php require __DIR__ . '/b.php';
-- b.php --
<?php
-- check --base HEAD --
preflight: .: --base: `HEAD` is no revision of this repository; is its history fetched?
exit 2
-- commit: One --
-- check --base nowhere --
preflight: .: --base: `nowhere` is no revision of this repository; is its history fetched?
exit 2
-- check --base --all --
error: unexpected argument '--all' found

  tip: to pass '--all' as a value, use '-- --all'

Usage: preflight [OPTIONS] [PATH]...
       preflight <COMMAND>

For more information, try '--help'.
exit 2
-- check --base HEAD --view docker --
preflight: .: there is no Dockerfile
exit 2
-- git checkout -q --orphan other --
-- commit: Another start --
-- check --base main --
preflight: .: --base: `main` and `HEAD` have no commit in common; is its history fetched?
exit 2
-- git checkout -q main --
-- a.php --
<?php require __DIR__ . '/b.php'; require __DIR__ . '/c.php';
-- commit: Two --
-- git archive --output=$FOLDER/a.tar HEAD --
-- check $FOLDER/a.tar --base HEAD~1 --
preflight: $FOLDER/a.tar: --base: a folder, what git ships of it and what is staged can be compared, but no archive
exit 2
-- check $FOLDER --base HEAD~1 --
preflight: $FOLDER: --base: git: not a git repository (or any of the parent directories): .git
exit 2
-- git clone -q --depth 1 file://$HERE $FOLDER/shallow --
-- check $FOLDER/shallow --base HEAD~1 --
preflight: $FOLDER/shallow: --base: `HEAD~1` is no revision of this repository; the clone is shallow: fetch all of its history (`git fetch --unshallow`, `fetch-depth: 0`)
exit 2
-- git -C $FOLDER/shallow fetch -q --depth 1 origin other --
-- check $FOLDER/shallow --base FETCH_HEAD --
preflight: $FOLDER/shallow: --base: `FETCH_HEAD` and `HEAD` have no commit in common; the clone is shallow: fetch all of its history (`git fetch --unshallow`, `fetch-depth: 0`)
exit 2
-- git -C $FOLDER/shallow fetch -q --unshallow --
-- check $FOLDER/shallow --base HEAD~1 --
a.php:1:43: error[missing-file]: `c.php` is not in the tree
exit 1
