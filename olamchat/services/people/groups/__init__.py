"""Groups: made by administrators or by the sign-in provider's claims, filled by their managers, and asked what they give."""
