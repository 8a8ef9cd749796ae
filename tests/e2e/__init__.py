"""The page in a real browser, against the whole house on this machine."""
