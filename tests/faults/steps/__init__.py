"""Faults while answers act: each is in the middle of a step that reads, may be repeated, or writes."""
