"""What people attach: what it is by its bytes, and its text; images upright."""
