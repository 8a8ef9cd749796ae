"""Results, goals, tables and plots: what is made of the measurements."""
