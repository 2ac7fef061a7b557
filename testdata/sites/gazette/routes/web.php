<?php
Route::view('/', 'front.page');
Route::get('/article', fn () => view('articles.article'));
Route::get('/letters', fn () => view('letters.list'));
