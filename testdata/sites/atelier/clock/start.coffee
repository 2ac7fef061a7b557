hands = require './hands'
wheels = require './works/wheels'
