Names that are not UTF-8 are told of as the rest.

-- a.php --
<?php require $base . '/lib/odd.php';
-- lib/odd.php --
<?php // not so odd as it seems
-- lib/other.php --
<?php
-- commit: Start --
-- git rm -q lib/odd.php --
-- lib/caf\xe9 bar.php --
<?php // not so odd as it seems
-- commit: Make it odd --
-- check --base HEAD~1 --
a.php:1:15: error[missing-file]: `lib/odd.php` is not in the tree; at #1 it was there, and was renamed to `lib/caf<0xE9> bar.php` by #2 (Make it odd)
exit 1
