"""The text of an answer that is still being written, as its readers know it from the token log.

A worker tells first and saves to Postgres every second or two, so that the log is the newest truth. But the log may have been
lost, or it may begin after the text does (an answer that ended and is gone on with).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from olamchat.tokenlog.base import START, Entry, TokenLog
from olamchat.tokenlog.events import Closed, Delta, Done, Failed, Reset, Started, Stopped, parse

PAGE = 1000
_NAMES = tuple(b"event: %s\n" % kind.name.encode() for kind in (Delta, Reset, Started, Done, Stopped, Failed))


@dataclass(frozen=True, slots=True)
class Text:
    """An answer's text and its reasoning."""

    content: str = ""
    reasoning: str = ""


def told(log: TokenLog, topic: str, message_id: str) -> Text | None:
    """Return the text that readers know; None where the log does not have all of it. Raises olamchat.redis.Lost."""
    return fold(_entries(log, topic), message_id)


def fold(entries: Iterable[Entry], message_id: str) -> Text | None:
    """Follow the entries as a reader does who knows nothing else. None where they don't begin at the text's beginning."""
    text: Text | None = None
    needle = message_id.encode()
    for entry in entries:
        if not entry.body.startswith(_NAMES) or needle not in entry.body:
            continue
        match parse(entry.body):
            case Closed(message=row) if row["id"] == message_id:
                text = None
            case Delta() | Reset() | Started() as event if event.message_id == message_id:
                text = _follow(text, event)
    return text


def newest(told: Text | None, saved: Text) -> Text:
    """Return the text to go on with: what was told, or what was saved where that is the same and more."""
    if told is None or (saved.content.startswith(told.content) and saved.reasoning.startswith(told.reasoning)):
        return saved
    return told


def _follow(text: Text | None, event: Delta | Reset | Started) -> Text | None:
    if not isinstance(event, Delta):
        return _upto(text or Text(), event.at, event.reasoning_at)
    if text is None:
        return None
    content, reasoning = text.content, text.reasoning
    if event.text is not None:
        content = content[: event.at] + event.text
    if event.reasoning is not None:
        reasoning = reasoning[: event.at] + event.reasoning
    return Text(content, reasoning)


def _upto(text: Text, at: int, reasoning_at: int) -> Text | None:
    if at > len(text.content) or reasoning_at > len(text.reasoning):
        return None
    return Text(text.content[:at], text.reasoning[:reasoning_at])


def _entries(log: TokenLog, topic: str) -> Iterable[Entry]:
    after = START
    while page := log.read(topic, after, PAGE):
        yield from page
        after = page[-1].id
        if len(page) < PAGE:
            return
