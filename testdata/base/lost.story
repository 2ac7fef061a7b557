What was satisfied at the base and is not any more is an error, whatever stands before the name; what was missing there
is old.

-- index.php --
<?php
require $config['base'] . '/lib/tool.php';
require $config['base'] . '/lib/gone.php';
require 'lib/edit.php';
require __DIR__ . '/lib/never.php';
if (file_exists($base . '/lib/option.php')) { include $base . '/lib/option.php'; }
if (file_exists($base . '/lib/gone.php')) { include $base . '/lib/gone.php'; }
-- lib/tool.php --
<?php // tools for all
-- lib/gone.php --
<?php // what goes
-- lib/edit.php --
<?php // what is edited
-- lib/option.php --
<?php // what may be there
-- page.html --
<link rel="stylesheet" href="css/site.css"><img src="never.png">
-- css/site.css --
body { margin: 0 }
-- commit: Start --
-- check --base HEAD --
exit 0
-- git mv lib/tool.php lib/hammer.php --
-- git rm -q lib/gone.php --
-- commit: Rename the tool, and do away with what goes --
-- git mv lib/option.php lib/choice.php --
-- index.php --
<?php
// A line more.
require $config['base'] . '/lib/tool.php';
require $config['base'] . '/lib/gone.php';
require 'lib/edited.php';
require __DIR__ . '/lib/never.php';
require __DIR__ . '/lib/new.php';
if (file_exists($base . '/lib/option.php')) { include $base . '/lib/option.php'; }
if (file_exists($base . '/lib/gone.php')) { include $base . '/lib/gone.php'; }
-- commit: Edit --
-- check --base HEAD~2 --
index.php:3:9: error[missing-file]: `lib/tool.php` is not in the tree; at #1 it was there, and was renamed to `lib/hammer.php` by #2 (Rename the tool, and do away with what goes)
index.php:4:9: error[missing-file]: `lib/gone.php` is not in the tree; at #1 it was there, and was removed by #2 (Rename the tool, and do away with what goes)
index.php:5:10: error[missing-file]: `lib/edited.php` is not in the tree; at #1 this named `lib/edit.php`
index.php:7:9: error[missing-file]: `lib/new.php` is not in the tree
index.php:8:55: warning[missing-file]: `lib/option.php` is not in the tree; at #1 it was there, and was renamed to `lib/choice.php` by #3 (Edit)
exit 1
-- check --base HEAD~1 --
index.php:5:10: error[missing-file]: `lib/edited.php` is not in the tree; at #2 this named `lib/edit.php`
index.php:7:9: error[missing-file]: `lib/new.php` is not in the tree
index.php:8:55: warning[missing-file]: `lib/option.php` is not in the tree; at #2 it was there, and was renamed to `lib/choice.php` by #3 (Edit)
exit 1
-- check --base HEAD~2 --view git --
index.php:3:9: error[missing-file]: `lib/tool.php` is not in the tree; at #1 it was there, and was renamed to `lib/hammer.php` by #2 (Rename the tool, and do away with what goes)
index.php:4:9: error[missing-file]: `lib/gone.php` is not in the tree; at #1 it was there, and was removed by #2 (Rename the tool, and do away with what goes)
index.php:5:10: error[missing-file]: `lib/edited.php` is not in the tree; at #1 this named `lib/edit.php`
index.php:7:9: error[missing-file]: `lib/new.php` is not in the tree
index.php:8:55: warning[missing-file]: `lib/option.php` is not in the tree; at #1 it was there, and was renamed to `lib/choice.php` by #3 (Edit)
exit 1
-- check --base HEAD~2 --view git:HEAD~1 --
index.php:2:9: error[missing-file]: `lib/tool.php` is not in the tree; at #1 it was there, and was renamed to `lib/hammer.php` by #2 (Rename the tool, and do away with what goes)
index.php:3:9: error[missing-file]: `lib/gone.php` is not in the tree; at #1 it was there, and was removed by #2 (Rename the tool, and do away with what goes)
exit 1
-- check --base HEAD~2 --fail-on never --only lib --
exit 0
-- git mv css/site.css css/all.css --
-- check --base HEAD --view staged --
page.html:1:30: error[missing-file]: `css/site.css` is not in the tree; at #3 it was there, and was renamed to `css/all.css`
exit 1
-- check --base HEAD --view git --
exit 0
-- check --base HEAD --
page.html:1:30: error[missing-file]: `css/site.css` is not in the tree; at #3 it was there, and was renamed to `css/all.css`
exit 1
