"""What stands between the processes: the router before the functions, and a wire that can be frozen."""
