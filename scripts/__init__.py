"""What is made from the code by hand or by `make`: generated files, checks, simulations."""
