<?php
return parse_ini_file(__DIR__ . '/../config/defaults.ini');
