<?php
readfile(__DIR__ . '/../../config/rates.xml');
