<?php
require_once __DIR__ . '/catalogue.php';
require_once __DIR__ . '/money/currency.php';
