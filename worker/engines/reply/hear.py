"""One answer, as its lines are heard: what is said, which tools are called, why it ended, what it took."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any, TypeVar

import requests

from worker.engines.base import AnswerUnreadable, Piece, Quiet, StreamInterrupted, Usage, counted
from worker.engines.reply.calls import Calls
from worker.engines.reply.documents import Documents
from worker.engines.reply.finish import is_reason, meaning
from worker.engines.reply.spoken import Spoken
from worker.engines.wire.http import EngineCall
from worker.engines.wire.stream import read

T = TypeVar("T")
# How long the engine may still say what the answer took, after it said why it ended; and end its response, after it said that all is said.
USAGE_S, REST_S = 2.0, 0.2
# So many characters of an answer's beginning are remembered to know it by.
RECALLED = 200


class HeardAnswer:
    """What was heard so far. `is_whole`: the protocol's own end has come."""

    def __init__(self, continued: str = "") -> None:
        """`continued`: the text that the engine was asked to continue."""
        self.spoken, self.calls = Spoken(continued), Calls()
        self.finish: str | None = None
        self.is_whole = self.refused = False
        self._choice: int | None = None
        self._beginning, self._length = "", 0
        self.heard = 0  # characters of text and reasoning
        self.prompt_tokens: Any = None
        self.completion_tokens: Any = None

    @property
    def has_ended(self) -> bool:
        return self.is_whole or self.finish is not None

    def is_chosen(self, choice: int | None) -> bool:
        """Tell whether this is the one of several answers to the same question that is heard: the first that says anything."""
        if self._choice is None:
            self._choice = choice
        return choice in {None, self._choice}

    def say(self, text: str | None, reasoning: str | None = None) -> None:
        """Take one document's text and reasoning."""
        if text:
            self._beginning = self._beginning or text[:RECALLED]
            self._length += len(text)
        self.heard += len(text or "") + len(reasoning or "")
        self.spoken.add(text, reasoning)

    def has_said(self, text: str, *, is_all: bool) -> bool:
        """Tell whether this only says again all that was said: some servers end a stream with the whole answer (`is_all`: they call it so)."""
        return bool(self._length) and (is_all or (len(text) >= self._length and text.startswith(self._beginning)))

    def end(self, reason: str | None) -> None:
        """Note why the answer ended, if this says so."""
        if is_reason(reason):
            self.finish = reason

    def usage(self) -> Usage:
        """Return the answer's end. Raises EngineError where the engine ended it because it could not go on."""
        called = self.calls.whole()
        finish = meaning(self.finish, refused=self.refused, called=bool(called))
        return Usage(counted(self.prompt_tokens), counted(self.completion_tokens), finish, called)


def hear(
    call: EngineCall,
    response: requests.Response,
    answer: HeardAnswer,
    document: Callable[[bytes], T],
    take: Callable[[T, HeardAnswer], None],
) -> Iterator[Piece]:
    """Yield the pieces of an answer, at last its Usage.

    `document` reads one and raises NotJson; `take` puts down what it tells and raises EngineError where it is a complaint.
    """
    documents = Documents(document)
    try:
        with closing(read(call, response)) as blocks:
            for lines in blocks:
                heard = answer.heard
                yield from _block(lines, documents, take, answer) if lines else [Quiet()]
                if answer.has_ended:  # some servers say "stop" in each document
                    call.linger(REST_S if answer.is_whole else USAGE_S, anew=answer.heard > heard and not answer.is_whole)
        for last in documents.end():
            take(last, answer)
    except StreamInterrupted:
        if not answer.has_ended:
            raise
    if not answer.has_ended:
        raise _no_end(documents)
    answer.spoken.end()
    yield from answer.spoken.take()
    yield answer.usage()


def _block(lines: list[bytes], documents: Documents[T], take: Callable[[T, HeardAnswer], None], answer: HeardAnswer) -> Iterator[Piece]:
    for line in lines:
        if answer.is_whole:
            return  # whatever follows is no part of it
        for told in documents.hear(line):
            take(told, answer)
        if documents.done:
            answer.is_whole = True
    if answer.has_ended:
        answer.spoken.end()
    yield from answer.spoken.take()


def _no_end(documents: Documents[Any]) -> AnswerUnreadable | StreamInterrupted:
    if documents.odd and not documents.found:
        return AnswerUnreadable(f"no answer, but {documents.odd.decode('utf-8', 'replace')!r}")
    told = f"; it said {documents.odd.decode('utf-8', 'replace')!r}" if documents.odd else ""
    return StreamInterrupted(f"the answer ended before it was done{told}")
