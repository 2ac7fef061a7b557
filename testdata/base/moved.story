An old finding stays old where its file is renamed or moved.

-- src/a.php --
<?php
// One file of some length, so that it can be told again.
require __DIR__ . '/never.php';
require __DIR__ . '/b.php';
-- src/b.php --
<?php // the other
-- commit: Start --
-- git mv src app --
-- git mv app/a.php app/c.php --
-- commit: Move --
-- check --base HEAD~1 --
exit 0
-- app/c.php --
<?php
// One file of some length, so that it can be told again.
require __DIR__ . '/never.php';
require __DIR__ . '/never.php';
require __DIR__ . '/b.php';
-- commit: Twice --
-- check --base HEAD~2 --
app/c.php:4:9: error[missing-file]: `app/never.php` is not in the tree
exit 1
