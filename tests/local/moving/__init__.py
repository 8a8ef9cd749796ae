"""A whole Open WebUI moves in."""
