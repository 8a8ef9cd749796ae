"""Any tree of messages as one of ours, in which questions and answers take turns; as web/src/lib/importing/tree.ts does it for one person."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from olamchat.services.copies.importing import IncomingMessage


@dataclass(frozen=True, kw_only=True)
class Node:
    """A message as it stood there. A role of None is a step that is not shown; what follows it follows what was before."""

    id: str
    parent: str | None
    role: Literal["user", "assistant"] | None
    content: str
    reasoning: str = ""
    model: str | None = None
    at: datetime | None = None
    files: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Straight:
    """The messages, parents first; the files of each question, by its id; and the message that each node ended up in."""

    messages: list[IncomingMessage]
    files: dict[str, tuple[str, ...]]
    ends: dict[str, str]


@dataclass
class _Building:
    """What was kept so far: messages by their names, what each is below, and what the same side said just before it, which it goes on with."""

    kept: dict[str, Node] = field(default_factory=dict)
    above: dict[str, str | None] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)

    def keep(self, node: Node, before: str | None) -> str:
        self.kept[node.id], self.above[node.id] = node, before
        return node.id

    def place(self, node: Node, before: str | None) -> str | None:
        """Keep a node below what was kept before it; returns the name of the message that has its words."""
        if node.role is None or not (node.content or node.reasoning or node.files):
            return before
        if before is not None and self.kept[before].role == node.role:
            self.before[node.id] = before
            return self.keep(node, self.above[before])
        if before is None and node.role == "assistant":
            before = self.keep(Node(id=f"{node.id}?", parent=None, role="user", content="…", at=node.at), None)
        return self.keep(node, before)

    def whole(self, name: str) -> Node:
        """Return a message with all that its side said before it."""
        chain, at = [self.kept[name]], name
        while (at := self.before.get(at, "")) in self.kept:
            chain.append(self.kept[at])
        return _together(chain[::-1]) if len(chain) > 1 else chain[0]


def straighten(nodes: Sequence[Node]) -> Straight:
    """Straighten a tree: hidden steps go, consecutive messages of one side become one, and every branch begins with a question."""
    building, ends = _Building(), dict[str, str | None]()
    for node, parent in _walk(nodes):
        ends[node.id] = building.place(node, ends[parent] if parent else None)
    leading = set(building.above.values())
    absorbed = set(building.before.values())
    kept = {name: building.whole(name) for name in building.kept if name not in absorbed or name in leading}
    return Straight(
        messages=[_message(node, building.above[name]) for name, node in kept.items()],
        files={name: node.files for name, node in kept.items() if node.files and node.role == "user"},
        ends={node: end for node, end in ends.items() if end in kept},
    )


def _together(nodes: Sequence[Node]) -> Node:
    return replace(
        nodes[-1],
        content=_joined(node.content for node in nodes),
        reasoning=_joined(node.reasoning for node in nodes),
        model=next((node.model for node in reversed(nodes) if node.model), None),
        at=next((node.at for node in nodes if node.at), None),
        files=tuple(file for node in nodes for file in node.files),
    )


def _joined(texts: Iterable[str]) -> str:
    return "\n\n".join(text for text in texts if text)


def _walk(nodes: Sequence[Node]) -> Iterator[tuple[Node, str | None]]:
    """Yield every node after its parent, and the parent's id where it is there."""
    known = {node.id for node in nodes}
    below: dict[str | None, list[Node]] = {}
    for node in nodes:
        parent = node.parent if node.parent in known and node.parent != node.id else None
        below.setdefault(parent, []).append(node)
    waiting: list[tuple[Node, str | None]] = [(node, None) for node in reversed(below.get(None, []))]
    while waiting:
        node, parent = waiting.pop()
        yield node, parent
        waiting.extend((child, node.id) for child in reversed(below.get(node.id, [])))


def _message(node: Node, parent: str | None) -> IncomingMessage:
    assert node.role is not None, "only what is shown is kept"
    model = node.model if node.role == "assistant" else None
    return IncomingMessage(
        id=node.id, parent=parent, role=node.role, content=node.content, reasoning=node.reasoning, model=model, at=node.at
    )
