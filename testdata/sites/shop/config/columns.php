<?php
return ['name', 'price'];
