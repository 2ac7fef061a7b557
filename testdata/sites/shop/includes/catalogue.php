<?php
$words = file_get_contents(__DIR__ . '/words/english.txt');
$more = file(__DIR__ . '/words/german.txt');
