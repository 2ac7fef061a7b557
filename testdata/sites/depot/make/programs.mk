programs: ; @true
