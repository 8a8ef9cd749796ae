"""What did not fit the model's context, summed up by a model, so that the answer knows of it.

It is never in the way: what fails, takes too long or is stopped leaves the answer without a summary. A summary is kept by the
messages that it sums up, so that a conversation that goes on has only its newest ones summed up on top of it.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256

from worker.engines.base import ChatRequest, EngineError, Message, Options, Speech, Usage, text_of
from worker.prompt.context_window import estimate

TOKENS = 400  # of a summary, at most
READ = 6_000  # tokens of messages that are read for one, at most: the newest
KEPT = 500
LONGEST_S = 20.0
ASK = (
    "Sum up this part of a conversation for somebody who goes on with it and can't read it: facts, names, decisions, open questions. "
    "In its language, at most 150 words, no introduction.\n\n{talk}"
)
BEFORE = "What was said before this, in short:"
Speak = Callable[[ChatRequest], str]

_kept: OrderedDict[str, str] = OrderedDict()
_lock = threading.Lock()
_log = logging.getLogger(__name__)


def summary(model: str, left: Sequence[Message], window: int | None, speak: Speak) -> str:
    """Return the messages in short, empty where `speak` says nothing."""
    marks = _marks(model, left)
    known, said = _newest(marks)
    if known == len(left):
        return said
    talk = _talk(said, left[known:], min(READ, (window or READ) - 3 * TOKENS))
    asked = ChatRequest(
        model=model,
        messages=[Message(role="user", content=ASK.format(talk=talk))],
        options=Options(temperature=0.2, max_tokens=2 * TOKENS, effort="none"),
    )
    if made := _short(speak(asked).strip()):
        _keep(marks[-1], made)
    return made


def put(request: ChatRequest, said: str) -> ChatRequest:
    """Return the request with the summary after its system prompt."""
    system = request.messages[0].content if request.messages and request.messages[0].role == "system" else ""
    messages = request.messages[1:] if system else request.messages
    content = f"{system}\n\n{BEFORE}\n{said}".strip()
    return replace(request, messages=[Message(role="system", content=content), *messages])


def _talk(said: str, messages: Sequence[Message], budget: int) -> str:
    """Return what is to be summed up: the summary so far and as many of the newest messages as the budget of tokens has room for."""
    lines: list[str] = []
    for message in reversed(messages):
        line = f"{message.role}: {message.content}"
        budget -= estimate([message])
        if budget < 0 and lines:
            break
        lines.append(line if budget >= 0 else _cut(line, max(TOKENS, estimate([message]) + budget)))
    return "\n\n".join([*([said] if said else []), *reversed(lines)])


def _short(text: str) -> str:
    return _cut(text, TOKENS)


def _cut(text: str, tokens: int) -> str:
    length = estimate([Message(role="user", content=text)])
    return text if length <= tokens else text[: len(text) * tokens // length] + "…"


def _marks(model: str, messages: Sequence[Message]) -> list[str]:
    """Return a mark for each beginning of the messages, the whole of them last."""
    mark, marks = sha256(model.encode()), []
    for message in messages:
        mark.update(f"\0{message.role}\0{len(message.content)}\0{message.content}".encode())
        marks.append(mark.copy().hexdigest())
    return marks


def _newest(marks: Sequence[str]) -> tuple[int, str]:
    """Return the longest beginning that was summed up before, and its summary."""
    with _lock:
        for number in range(len(marks), 0, -1):
            if said := _kept.get(marks[number - 1]):
                _kept.move_to_end(marks[number - 1])
                return number, said
    return 0, ""


def _keep(mark: str, said: str) -> None:
    with _lock:
        _kept[mark] = said
        while len(_kept) > KEPT:
            _kept.popitem(last=False)


def heard(speech: Speech, answer_id: str) -> str:
    """Return what a model says to a request for a summary; nothing where it fails or takes too long."""
    limit = threading.Timer(LONGEST_S, speech.close)
    limit.start()
    try:
        pieces = list(speech)
    except EngineError as error:
        _log.warning("answer %s goes without a summary: %s", answer_id, error)
        return ""
    finally:
        limit.cancel()
    ended = bool(pieces) and isinstance(pieces[-1], Usage)
    return text_of(pieces) if ended else ""
