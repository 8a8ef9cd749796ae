"""Who olamchat says it is to MCP servers."""

from mcp_types import Implementation

ABOUT = Implementation(name="olamchat", version="1")
