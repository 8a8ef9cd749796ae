"""From what was said to what the model is sent: texts go in with their names, images beside them, the rest is said in words."""

from collections.abc import Sequence
from html import escape

from olamchat.services.turns.thread import Enclosed, ThreadMessage
from worker.engines.base import Image, Message, Role
from worker.prompt import steps
from worker.prompt.context_window import shortened, weight

# The files of one message take at most this much of the model's context, so that there is room for questions about them.
SHARE = 0.5
# Of a thread's images the newest are sent, up to so many and so many bytes.
MOST_IMAGES, MOST_BYTES = 16, 48 << 20
_ROLES: dict[str, Role] = {"system": "system", "user": "user", "assistant": "assistant"}


def messages(said: Sequence[ThreadMessage], *, window: int | None, sees: bool) -> list[Message]:
    """Return the thread for a model that has so large a context, and can look at images or can't. Raises DatabaseLost."""
    images = _newest(said) if sees else {}
    return [message for one in said for message in _messages(one, images, window)]


def _newest(said: Sequence[ThreadMessage]) -> dict[Enclosed, Image]:
    found: dict[Enclosed, Image] = {}
    left = MOST_BYTES
    for file in (file for one in reversed(said) for file in one.files if file.store):
        if len(found) == MOST_IMAGES:
            break
        data = file.read()
        if data is not None and len(data) <= left:
            found[file] = Image(media_type=file.media_type, data=data)
            left -= len(data)
    return found


def _messages(said: ThreadMessage, images: dict[Enclosed, Image], window: int | None) -> list[Message]:
    return steps.messages(said.content, said.steps, window=window) if said.steps else [_message(said, images, window)]


def _message(said: ThreadMessage, images: dict[Enclosed, Image], window: int | None) -> Message:
    shown = [file for file in said.files if file not in images]
    texts = sum(weight(file.text or "") for file in shown)
    share = min(1.0, SHARE * window / texts) if window and texts else 1.0
    parts = [*(_part(file, share) for file in shown), *([said.content] if said.content else [])]
    return Message(role=_ROLES[said.role], content="\n\n".join(parts), images=tuple(images[file] for file in said.files if file in images))


def _part(file: Enclosed, share: float) -> str:
    name = escape(file.name)
    if file.text is None:
        return f'<file name="{name}">It can\'t be shown to you.</file>'
    text = shortened(file.text, weight(file.text) * share) if share < 1 else file.text
    more = "\n[The file goes on; the rest does not fit.]" if file.cut or len(text) < len(file.text) else ""
    return f'<file name="{name}">\n{text}{more}\n</file>'
