<?php
require_once dirname(__DIR__) . '/bootstrap.php';
require __DIR__ . '/reports.php';
