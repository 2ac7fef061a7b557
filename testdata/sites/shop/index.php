<?php
/** The front page of a small shop. */
require_once __DIR__ . '/bootstrap.php';
require SHOP_ROOT . SHOP_INC . '/catalogue.php';
require SHOP_ROOT . SHOP_INC . '/basket.php';

$title = 'Shop';
include SHOP_ROOT . '/templates/header.php';
include __DIR__ . '/templates/products.php';
include __DIR__ . '/templates/footer.php';
