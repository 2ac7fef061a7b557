@extends('layouts.paper')
@include('articles.picture')
