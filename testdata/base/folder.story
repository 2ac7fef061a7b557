A tree may be a folder of the repository: what moves out of it is gone, and what lies beside it is nobody's business.

-- www/in dex.php --
<?php
require $base . '/li b/to ol.php';
require $base . '/li b/käse.php';
require $base . '/li b/out.php';
-- www/li b/to ol.php --
<?php // a tool for all of them
-- www/li b/käse.php --
<?php // of milk
-- www/li b/out.php --
<?php // moves out
-- other/never.php --
<?php require __DIR__ . '/nothing.php';
-- commit: Start --
-- www/other.php --
<?php require __DIR__ . '/nothing.php';
-- www/odd \xff.php --
<?php
-- git rm -q -r www/li* --
-- www/li b/ham mer.php --
<?php // a tool for all of them
-- other/out.php --
<?php // moves out
-- www/li b/rest.php --
<?php
-- commit: Move --
-- check www --base HEAD~1 --
in dex.php:2:9: error[missing-file]: `li b/to ol.php` is not in the tree; at #1 it was there, and was renamed to `li b/ham mer.php` by #2 (Move)
in dex.php:3:9: error[missing-file]: `li b/käse.php` is not in the tree; at #1 it was there, and was removed by #2 (Move)
in dex.php:4:9: error[missing-file]: `li b/out.php` is not in the tree; at #1 it was there, and was removed by #2 (Move)
odd \xff.php: warning[name-invalid-utf8]: the name `odd <0xFF>.php` is not valid UTF-8: archives and servers refuse or rewrite it
other.php:1:15: error[missing-file]: `nothing.php` is not in the tree
exit 1
-- check www --base HEAD~1 --view git --
in dex.php:2:9: error[missing-file]: `li b/to ol.php` is not in the tree; at #1 it was there, and was renamed to `li b/ham mer.php` by #2 (Move)
in dex.php:3:9: error[missing-file]: `li b/käse.php` is not in the tree; at #1 it was there, and was removed by #2 (Move)
in dex.php:4:9: error[missing-file]: `li b/out.php` is not in the tree; at #1 it was there, and was removed by #2 (Move)
odd \xff.php: warning[name-invalid-utf8]: the name `odd <0xFF>.php` is not valid UTF-8: archives and servers refuse or rewrite it
other.php:1:15: error[missing-file]: `nothing.php` is not in the tree
exit 1
-- check --base HEAD~1 --
www/in dex.php:2:9: error[missing-file]: `www/li b/to ol.php` is not in the tree; at #1 it was there, and was renamed to `www/li b/ham mer.php` by #2 (Move)
www/in dex.php:3:9: error[missing-file]: `www/li b/käse.php` is not in the tree; at #1 it was there, and was removed by #2 (Move)
www/in dex.php:4:9: error[missing-file]: `www/li b/out.php` is not in the tree; at #1 it was there, and was renamed to `other/out.php` by #2 (Move)
www/odd \xff.php: warning[name-invalid-utf8]: the name `odd <0xFF>.php` is not valid UTF-8: archives and servers refuse or rewrite it
www/other.php:1:15: error[missing-file]: `www/nothing.php` is not in the tree
exit 1
