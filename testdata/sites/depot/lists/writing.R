writing <- 1
