What is gone for a reason is not spoken of: built now, installed now, optional, asked for no more, or never meant.

-- .gitignore --
*.tmp
-- index.php --
<?php
require $base . '/config.php';
require $base . '/lib/a.php';
$theme = $dir . '/theme/main.php';
include $theme;
@include $base . '/extra/more.php';
-- tool/config.php --
<?php // not the one that is meant
-- lib/a.php --
<?php // a
-- lib/b.php --
<?php // b
-- theme/main.php --
<?php // main
-- extra/more.php --
<?php // more
-- app.py --
import six
import cryptohelper
from local import thing
from local import version
-- six.py --
def u(text): return text
-- local/__init__.py --
thing = version = 1
-- page.html --
<a href="doc.html">
-- doc.html --
<p>A page of some length, so that it is told again.
-- theme/edit.php --
<?php include $dir . '/theme/part.php';
-- theme/part.php --
<?php // a part
-- static/page.html --
<script src="out/app.js"></script>
-- static/out/app.js --
alert(1)
-- commit: Start --
-- .gitignore --
*.tmp
out/
-- git rm -q --cached static/out/app.js --
-- git rm -q six.py tool/config.php extra/more.php lib/a.php --
-- index.php --
<?php
require $base . '/config.php';
require $base . '/lib/b.php';
$theme = $dir . '/theme/main.php';
include $theme;
@include $base . '/extra/more.php';
-- git mv doc.html doc.html.en --
-- app.py --
import six
import cryptohelper
from local import thing
from werkzeug import version
-- local/__init__.py --
thing = 1
-- theme/edit.php --
<?php include $dir . '/theme/' . $_GET['part'] . '.php';
-- git rm -q --cached theme/part.php --
-- commit: Clean up --
-- check --base HEAD~1 --view git --
exit 0
-- git mv theme/main.php theme/default.php --
-- commit: One theme --
-- check --base HEAD~1 --
index.php:5:9: error[missing-file]: `theme/main.php` is not in the tree; at #2 it was there, and was renamed to `theme/default.php` by #3 (One theme)
exit 1
