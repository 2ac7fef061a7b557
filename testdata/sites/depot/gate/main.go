package main

import _ "embed"

//go:embed greeting.txt
var greeting string

//go:embed pages/index.html
var index string

func main() { println(greeting, index) }
