"""Olamchat measured side by side with its own engine and with nginx in front of it. `python -m bench --help` says how."""
