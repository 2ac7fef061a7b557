reading <- 1
