Without a base, too, history tells what became of a missing file; its severity does not change.

-- a.php --
<?php
require __DIR__ . '/one.php';
require __DIR__ . '/two.php';
require $base . '/lib/three.php';
-- one.php --
<?php // the first of them all
-- two.php --
<?php // the second one
-- lib/three.php --
<?php // number three
-- commit: Start --
-- git mv one.php uno.php --
-- commit: Speak `Italian`, and do it with so many words that nobody would ever read them to their end --
-- git rm -q two.php lib/three.php --
-- git mv uno.php first.php --
-- commit: Or not --
-- check --format text --
error[missing-file]: `one.php` is not in the tree
 --> a.php:2:9
  |
2 | require __DIR__ . '/one.php';
  |         ^^^^^^^^^^^^^^^^^^^^ without it the request or the start dies
  |
  = help: write `first.php`; it was renamed to `first.php` by #3 (Or not)

error[missing-file]: `two.php` is not in the tree
 --> a.php:3:9
  |
3 | require __DIR__ . '/two.php';
  |         ^^^^^^^^^^^^^^^^^^^^ without it the request or the start dies
  |
  = help: it was removed by #3 (Or not)

.: 2 errors
checked 2 files, scanned 2; 3 references: 2 missing, 1 dynamic
exit 1
-- check --view git --
a.php:2:9: error[missing-file]: `one.php` is not in the tree
a.php:3:9: error[missing-file]: `two.php` is not in the tree
exit 1
-- check --view staged --
a.php:2:9: error[missing-file]: `one.php` is not in the tree
a.php:3:9: error[missing-file]: `two.php` is not in the tree
exit 1
-- git mv first.php due.php --
-- check --format text -q --
error[missing-file]: `one.php` is not in the tree
 --> a.php:2:9
  |
2 | require __DIR__ . '/one.php';
  |         ^^^^^^^^^^^^^^^^^^^^ without it the request or the start dies
  |
  = help: write `due.php`; it was renamed to `due.php`

error[missing-file]: `two.php` is not in the tree
 --> a.php:3:9
  |
3 | require __DIR__ . '/two.php';
  |         ^^^^^^^^^^^^^^^^^^^^ without it the request or the start dies
  |
  = help: it was removed by #3 (Or not)

exit 1
