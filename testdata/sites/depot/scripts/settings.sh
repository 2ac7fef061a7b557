DEPOT=north
