"""The parts of a run: each measures one thing and adds its points to the results."""
