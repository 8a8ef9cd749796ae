"""From what was said to what the model is sent: texts go in with their names, images beside them, the rest is said in words.

What fits decides how a file is given: in whole, or, where index workers have read it, by the passages that fit the question.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from uuid import UUID

from olamchat.services.turns.thread import Enclosed, ThreadMessage
from worker.engines.base import Image, Message, Role
from worker.prompt import steps
from worker.prompt.context_window import shortened, weight

# Files take at most this much of the model's context, so that there is room for questions about them; where nobody knows it, so many tokens.
SHARE, USUAL = 0.5, 64_000
# Of a thread's images the newest are sent, up to so many and so many bytes.
MOST_IMAGES, MOST_BYTES = 16, 48 << 20
# Names that the answer tells of each way.
MOST_TOLD = 20
_ROLES: dict[str, Role] = {"system": "system", "user": "user", "assistant": "assistant"}


@dataclass(frozen=True)
class Plan:
    """A thread, and how its files are given: `whole`, `searched` for passages, `shortened` where there is nothing to search.

    `unread` are those that have to be read first. `window` is the model's context.
    """

    said: Sequence[ThreadMessage]
    window: int | None = None
    whole: tuple[Enclosed, ...] = ()
    searched: tuple[Enclosed, ...] = ()
    unread: tuple[Enclosed, ...] = ()

    @property
    def collections(self) -> list[UUID]:
        """The collections that the searched files are."""
        return [file.collection for file in self.searched if file.collection]

    @property
    def documents(self) -> list[UUID]:
        """The documents that are still being read."""
        return [file.document for file in self.unread if file.document]

    @property
    def told(self) -> Mapping[str, list[str]]:
        """The names of the files by the way they are given."""
        ways = {"whole": self.whole, "searched": self.searched}
        return {way: list(dict.fromkeys(file.name for file in files))[:MOST_TOLD] for way, files in ways.items() if files}


def plan(said: Sequence[ThreadMessage], window: int | None) -> Plan:
    """Decide how the files of a thread are given to a model that has so large a context, the newest first."""
    left = SHARE * window if window else float(USUAL)
    ways: dict[str, list[Enclosed]] = {"whole": [], "searched": [], "unread": []}
    seen: set[UUID] = set()
    for file in (file for one in reversed(said) for file in one.files if file.store is None):
        heavy = weight(file.text or "")
        if file.text is not None and not file.cut and heavy <= left:
            ways["whole"].append(file)
            left -= heavy
        elif file.id not in seen and (file.collection or file.document):
            ways["searched" if file.collection else "unread"].append(file)
        seen.add(file.id)
    return Plan(said, window, **{way: tuple(files) for way, files in ways.items()})


def messages(plan: Plan, *, sees: bool) -> list[Message]:
    """Return the thread for a model that can look at images or can't. Raises DatabaseLost."""
    images = _newest(plan.said) if sees else {}
    return [message for one in plan.said for message in _messages(one, images, plan)]


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


def _messages(said: ThreadMessage, images: dict[Enclosed, Image], plan: Plan) -> list[Message]:
    return steps.messages(said.content, said.steps, window=plan.window) if said.steps else [_message(said, images, plan)]


def _message(said: ThreadMessage, images: dict[Enclosed, Image], plan: Plan) -> Message:
    shown = [file for file in said.files if file not in images]
    share = _share([file for file in shown if file not in plan.searched], plan)
    parts = [*(_part(file, plan, share) for file in shown), *([said.content] if said.content else [])]
    return Message(role=_ROLES[said.role], content="\n\n".join(parts), images=tuple(images[file] for file in said.files if file in images))


def _share(files: Sequence[Enclosed], plan: Plan) -> float:
    """Return how much of each file has room that is neither given whole nor searched: 1 is all of it."""
    whole = sum(weight(file.text or "") for file in files if file in plan.whole)
    rest = sum(weight(file.text or "") for file in files if file not in plan.whole)
    return min(1.0, max(0.0, SHARE * plan.window - whole) / rest) if plan.window and rest else 1.0


def _part(file: Enclosed, plan: Plan, share: float) -> str:
    name = escape(file.name)
    if file in plan.searched:
        return f'<file name="{name}">It is too long to be shown in whole. Passages of it that fit the question are given with that.</file>'
    if file.text is None:
        return f'<file name="{name}">It can\'t be shown to you.{f" {file.why}" if file.why else ""}</file>'
    text = file.text if file in plan.whole or share >= 1 else shortened(file.text, weight(file.text) * share)
    more = "\n[The file goes on; the rest does not fit.]" if file.cut or len(text) < len(file.text) else ""
    return f'<file name="{name}">\n{text}{more}\n</file>'
