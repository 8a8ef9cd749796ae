"""The token log: what is told about an answer while it is written, in order and once."""
