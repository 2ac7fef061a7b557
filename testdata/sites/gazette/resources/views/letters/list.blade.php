@extends('layouts.paper')
@each('letters.letter', $letters, 'letter')
