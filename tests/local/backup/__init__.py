"""Backups of a house, and houses out of them."""
