<?php
$columns = require SHOP_ROOT . '/config/columns.php';
