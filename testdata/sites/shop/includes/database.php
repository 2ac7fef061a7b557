<?php
require_once dirname(__FILE__) . '/drivers/mysql.php';
require_once dirname(__DIR__) . '/includes/drivers/sqlite.php';
