source("lists/reading.R")
source("lists/writing.R")
