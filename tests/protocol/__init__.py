"""The protocol of who may write an answer, as a model small enough to try every interleaving, and as random walks over the real code."""
