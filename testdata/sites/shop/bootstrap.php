<?php
define('SHOP_ROOT', __DIR__);
define('SHOP_INC', '/includes');

require SHOP_ROOT . SHOP_INC . '/settings.php';
require_once SHOP_ROOT . SHOP_INC . '/database.php';
require_once(SHOP_ROOT . SHOP_INC . '/session.php');
