"""Passkeys (WebAuthn): keys that people's devices keep, whose public halves are kept here. They are for signing in and for the second step."""
