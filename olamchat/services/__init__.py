"""What the product does, in verbs, without HTTP: each function keeps one promise of the chat."""
