"""What is kept of answers when a process dies: olamchat and Open WebUI side by side. `python -m bench.peers --help` says how."""
