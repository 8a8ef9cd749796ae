"""The text of an answer that is still being written, put together again from the token log and from Postgres.

The log is the newest truth: a worker tells first and saves every second or two. But the log may have been lost or trimmed.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from olamchat.tokenlog.base import START, Entry, TokenLog
from olamchat.tokenlog.events import Delta, Reset, Started, parse

PAGE = 1000
_NAMES = tuple(b"event: %s\n" % kind.name.encode() for kind in (Delta, Reset, Started))


@dataclass(frozen=True, slots=True)
class Text:
    """An answer's text and its reasoning."""

    content: str = ""
    reasoning: str = ""


def told(log: TokenLog, topic: str, message_id: str, saved: Text) -> Text | None:
    """Return the text as its readers know it from the log; None where the log doesn't reach back to it. Raises olamchat.redis.Lost."""
    return fold(_entries(log, topic), message_id, saved)


def fold(entries: Iterable[Entry], message_id: str, saved: Text) -> Text | None:
    """Follow the entries as a reader does who knows what was saved. None when they say nothing of the message, or leave a gap."""
    text: Text | None = None
    needle = message_id.encode()
    for entry in entries:
        if not entry.body.startswith(_NAMES) or needle not in entry.body:
            continue
        event = parse(entry.body)
        if isinstance(event, Delta | Reset | Started) and event.message_id == message_id:
            text = _follow(text, event, saved)
    return text


def newest(told: Text | None, saved: Text) -> Text:
    """Return the text to go on with: what was told, or what was saved where that is the same and more."""
    if told is None or (saved.content.startswith(told.content) and saved.reasoning.startswith(told.reasoning)):
        return saved
    return told


def _follow(text: Text | None, event: Delta | Reset | Started, saved: Text) -> Text | None:
    if isinstance(event, Delta):
        content = text.content if text else _upto(saved.content, event.at if event.text is not None else 0)
        reasoning = text.reasoning if text else _upto(saved.reasoning, event.at if event.reasoning is not None else 0)
        if event.text is not None:
            content = None if content is None or event.at > len(content) else content[: event.at] + event.text
        if event.reasoning is not None:
            reasoning = None if reasoning is None or event.at > len(reasoning) else reasoning[: event.at] + event.reasoning
    else:
        content = _upto(text.content if text else saved.content, event.at)
        reasoning = _upto(text.reasoning if text else saved.reasoning, event.reasoning_at)
    return None if content is None or reasoning is None else Text(content, reasoning)


def _upto(text: str, at: int) -> str | None:
    return text[:at] if at <= len(text) else None


def _entries(log: TokenLog, topic: str) -> Iterable[Entry]:
    after = START
    while page := log.read(topic, after, PAGE):
        yield from page
        after = page[-1].id
        if len(page) < PAGE:
            return
