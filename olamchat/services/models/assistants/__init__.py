"""Assistants: a model with instructions, tools and documents, asked by a name of its own."""
