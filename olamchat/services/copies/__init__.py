"""Conversations that leave, come in or are doubled: exports, imports, share links, forks."""
