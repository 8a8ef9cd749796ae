"""The page beside an engine that does what a test says."""
