"""Readers of an answer: a browser of the house, a client of the engine itself, and what they check of each token."""
