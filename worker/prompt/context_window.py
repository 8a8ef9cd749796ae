"""What of a thread fits the model's context: the oldest messages are left out first, never the system prompt nor the last question.

The engine counts where it can; else an estimate on the safe side does. A short thread is never counted: it has fewer bytes
than the context has tokens, and a token has at least one byte.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from worker.engines.base import ChatRequest, Message

# What chat templates put around a message, in tokens, at most.
AROUND = 8
# A third of a token a letter is more than tokenizers make of European languages; other writing may take more than a token a letter.
ASCII, OTHER = 1 / 3, 1.3
# What engines make of one image, in tokens: from 256 to some thousands, by model and size.
IMAGE = 1_500
# Room for the answer where nobody says how long it may get: a quarter of the context, up to this.
ROOM = 2048
# Each time the engine refuses what was sent as too long, so much less is sent.
TIGHTER = 0.7
TRIES = 3
Count = Callable[[Sequence[Message]], int | None]


@dataclass(frozen=True)
class Fitted:
    """A request that fits as far as can be known, and how many messages were left out for that."""

    request: ChatRequest
    left_out: int = 0
    can_shrink: bool = False
    left: Sequence[Message] = ()


def fit(request: ChatRequest, window: int | None, count: Count, *, refused: int = 0) -> Fitted:
    """Leave out what doesn't fit; `refused` counts how often the engine found it too long all the same."""
    messages = request.messages
    kept = _kept(request)
    most = 0 if window is None else window - _room(request, window) - round(weight(str(request.demands.given or "")))
    if refused:
        budget = TIGHTER**refused * (most or estimate(messages))
        left_out = _oldest(messages, kept, lambda rest: estimate(rest) <= budget, least=refused)
    elif window is None or _bytes(messages) <= most:
        left_out = 0
    else:
        left_out = _to_fit(messages, kept, most, count)
    shorter = replace(request, messages=_without(messages, left_out)) if left_out else request
    at = _begin(messages)
    return Fitted(shorter, left_out, refused < TRIES and left_out < len(messages) - kept, messages[at : at + left_out])


def estimate(messages: Sequence[Message]) -> int:
    """Return how many tokens a thread has at most, by experience."""
    return sum(AROUND + round(weight(message.words)) for message in messages) + AROUND + _images(messages)


def _images(messages: Sequence[Message]) -> int:
    return IMAGE * sum(len(message.images) for message in messages)


def shortened(text: str, tokens: float) -> str:
    """Return as much of the text's beginning as surely has no more tokens."""
    while (heavy := weight(text)) > tokens:
        text = text[: int(len(text) * tokens / heavy * 0.98)]
    return text


def weight(text: str) -> float:
    """Return how many tokens a text has at most, by experience."""
    ascii_ = len(text) if text.isascii() else sum(letter < "\x80" for letter in text)
    return ascii_ * ASCII + (len(text) - ascii_) * OTHER


def _bytes(messages: Sequence[Message]) -> int:
    return sum(AROUND + len(message.words.encode()) for message in messages) + AROUND + _images(messages)


def _room(request: ChatRequest, window: int) -> int:
    """Return how many tokens are kept free for the answer."""
    return min(request.options.max_tokens or min(ROOM, window // 4), window // 2)


def _kept(request: ChatRequest) -> int:
    """Return how many messages always stay: the system prompt, and from the last question on all that follows it."""
    system = bool(request.messages) and request.messages[0].role == "system"
    asked = next(
        (number for number, message in enumerate(reversed(request.messages), start=1) if message.role == "user"), 1 + request.continues
    )
    return min(len(request.messages), system + asked)


def _to_fit(messages: Sequence[Message], kept: int, most: int, count: Count) -> int:
    """Count, leave out, count again: the estimate says what each message weighs, the engine's count what all weigh together."""
    left_out = 0
    for _ in range(3):
        rest = _without(messages, left_out)
        guess, exact = estimate(rest), count(rest)
        length = guess if exact is None else exact + _images(rest)
        if length <= most:
            return left_out
        scale = length / guess
        left_out = _oldest(messages, kept, lambda rest, scale=scale: estimate(rest) * scale <= most, least=left_out + 1)  # type: ignore[misc]
    return left_out


def _begin(messages: Sequence[Message]) -> int:
    """Return where the messages begin: after the system prompt."""
    return 1 if messages and messages[0].role == "system" else 0


def _oldest(messages: Sequence[Message], kept: int, fits: Callable[[Sequence[Message]], bool], *, least: int) -> int:
    """Return how many of the oldest messages have to go so that the rest fits; what stays begins with a question."""
    most = len(messages) - kept
    at = _begin(messages)
    for left_out in range(min(least, most), most):
        rest = _without(messages, left_out)
        if rest[at].role == "user" and fits(rest):
            return left_out
    return most


def _without(messages: Sequence[Message], left_out: int) -> Sequence[Message]:
    at = _begin(messages)
    return [*messages[:at], *messages[at + left_out :]]
