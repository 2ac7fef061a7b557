@extends('layouts.paper')
@section('columns')
@include('articles.teaser')
@include('letters.teaser')
@endsection
