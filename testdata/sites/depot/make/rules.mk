rules: ; @true
