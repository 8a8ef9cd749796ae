"""What the scripted server offers besides tools: prompts and resources, and some that nobody wants."""

from mcp.server.mcpserver import Image, MCPServer
from mcp.server.mcpserver.prompts.base import AssistantMessage, Message, UserMessage

from tests.tool_server.server import PIXEL


def add(server: MCPServer) -> None:
    """Give the server its prompts and resources."""

    @server.prompt(title="Brief me")
    def briefing(topic: str, tone: str = "plain") -> str:
        """Say what is new."""
        return f"Brief me on {topic} in a {tone} tone."

    @server.prompt()
    def dialogue() -> list[Message]:
        """Begin in the middle of a talk, with a picture."""
        return [UserMessage("Ping?"), AssistantMessage("Pong."), UserMessage(Image(data=PIXEL, format="png").to_image_content())]

    @server.prompt()
    def endless() -> str:
        """Say more than anybody reads."""
        return "\x00long " * 100_000

    @server.resource("notes://today", title="Today's notes", mime_type="text/markdown")
    def today() -> str:
        """What happened today."""
        return "# Today\n\nThe harbour is open."

    @server.resource("notes://days/{day}", mime_type="text/plain")
    def day(day: str) -> str:
        """What happened on a day."""
        return f"On {day} nothing happened."

    @server.resource("pictures://dot.png", mime_type="image/png")
    def dot() -> bytes:
        """A picture of one dot."""
        return PIXEL

    @server.resource("files://bomb", mime_type="application/octet-stream")
    def bomb() -> bytes:
        """More than a response may have."""
        return bytes(9 << 20)

    @server.resource("files://program", mime_type="text/plain")
    def program() -> bytes:
        """What it is its bytes say, not the server."""
        return b"\x7fELF" + bytes(range(256)) * 8
