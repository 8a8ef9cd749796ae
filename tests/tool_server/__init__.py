"""A small real MCP server, built on the SDK's server side, that counts each call by its idempotency key: the other side of every step.

Run it as a process: `python -m tests.tool_server --port 0`. It prints one line of JSON with its address.
"""
