"""What came with a completion's request, for the model: its messages as they were sent, its images, tools and form.

`olamchat.services.completions` writes what is read here.
"""

import json
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from worker.engines.base import Demands, Image, Message, ToolCall


def messages(request: Mapping[str, Any]) -> list[Message]:
    """Return the messages; a tool's is told which call it answers."""
    made: dict[str, ToolCall] = {}
    found = []
    for message in request.get("messages", ()):
        calls = tuple(ToolCall(**call) for call in message.get("calls", ()))
        made |= {call.id: call for call in calls}
        images = tuple(Image(media_type=image["media_type"], data=b64decode(image["data"])) for image in message.get("images", ()))
        answers = made.get(message.get("answers", ""))
        found.append(Message(role=message["role"], content=message["content"], images=images, calls=calls, answers=answers))
    return found


def demands(request: Mapping[str, Any]) -> Demands:
    """Return the tools and the form; they are kept as text, because the order of a schema's members tells a model what to write first."""
    return Demands(**json.loads(request.get("demands") or "{}"))
