"""The engines of this machine: which there are, and the shortest way to one where there is none."""
