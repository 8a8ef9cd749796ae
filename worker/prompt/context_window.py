"""What of a thread fits the model's context: the oldest messages are left out first, never the system prompt nor the last question.

The engine counts where it can; else an estimate on the safe side does. A short thread is never counted: it has fewer bytes
than the context has tokens, and a token has at least one byte.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from worker.engines.base import ChatRequest, Turn

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
Count = Callable[[Sequence[Turn]], int | None]


@dataclass(frozen=True)
class Fitted:
    """A request that fits as far as can be known, and how many messages were left out for that."""

    request: ChatRequest
    left_out: int = 0
    can_shrink: bool = False
    left: Sequence[Turn] = ()


def fit(request: ChatRequest, window: int | None, count: Count, *, refused: int = 0) -> Fitted:
    """Leave out what doesn't fit; `refused` counts how often the engine found it too long all the same."""
    turns = request.turns
    kept = _kept(request)
    most = 0 if window is None else window - _room(request, window) - round(weight(str(request.demands.given or "")))
    if refused:
        budget = TIGHTER**refused * (most or estimate(turns))
        left_out = _oldest(turns, kept, lambda rest: estimate(rest) <= budget, least=refused)
    elif window is None or _bytes(turns) <= most:
        left_out = 0
    else:
        left_out = _to_fit(turns, kept, most, count)
    shorter = replace(request, turns=_without(turns, left_out)) if left_out else request
    at = _begin(turns)
    return Fitted(shorter, left_out, refused < TRIES and left_out < len(turns) - kept, turns[at : at + left_out])


def estimate(turns: Sequence[Turn]) -> int:
    """Return how many tokens a thread has at most, by experience."""
    return sum(AROUND + round(weight(turn.words)) for turn in turns) + AROUND + _images(turns)


def _images(turns: Sequence[Turn]) -> int:
    return IMAGE * sum(len(turn.images) for turn in turns)


def shortened(text: str, tokens: float) -> str:
    """Return as much of the text's beginning as surely has no more tokens."""
    while (heavy := weight(text)) > tokens:
        text = text[: int(len(text) * tokens / heavy * 0.98)]
    return text


def weight(text: str) -> float:
    """Return how many tokens a text has at most, by experience."""
    ascii_ = len(text) if text.isascii() else sum(letter < "\x80" for letter in text)
    return ascii_ * ASCII + (len(text) - ascii_) * OTHER


def _bytes(turns: Sequence[Turn]) -> int:
    return sum(AROUND + len(turn.words.encode()) for turn in turns) + AROUND + _images(turns)


def _room(request: ChatRequest, window: int) -> int:
    """Return how many tokens are kept free for the answer."""
    return min(request.options.max_tokens or min(ROOM, window // 4), window // 2)


def _kept(request: ChatRequest) -> int:
    """Return how many messages always stay: the system prompt, and from the last question on all that follows it."""
    system = bool(request.turns) and request.turns[0].role == "system"
    asked = next((number for number, turn in enumerate(reversed(request.turns), start=1) if turn.role == "user"), 1 + request.continues)
    return min(len(request.turns), system + asked)


def _to_fit(turns: Sequence[Turn], kept: int, most: int, count: Count) -> int:
    """Count, leave out, count again: the estimate says what each message weighs, the engine's count what all weigh together."""
    left_out = 0
    for _ in range(3):
        rest = _without(turns, left_out)
        guess, exact = estimate(rest), count(rest)
        length = guess if exact is None else exact + _images(rest)
        if length <= most:
            return left_out
        scale = length / guess
        left_out = _oldest(turns, kept, lambda rest, scale=scale: estimate(rest) * scale <= most, least=left_out + 1)  # type: ignore[misc]
    return left_out


def _begin(turns: Sequence[Turn]) -> int:
    """Return where the messages begin: after the system prompt."""
    return 1 if turns and turns[0].role == "system" else 0


def _oldest(turns: Sequence[Turn], kept: int, fits: Callable[[Sequence[Turn]], bool], *, least: int) -> int:
    """Return how many of the oldest messages have to go so that the rest fits; what stays begins with a question."""
    most = len(turns) - kept
    at = _begin(turns)
    for left_out in range(min(least, most), most):
        rest = _without(turns, left_out)
        if rest[at].role == "user" and fits(rest):
            return left_out
    return most


def _without(turns: Sequence[Turn], left_out: int) -> Sequence[Turn]:
    at = _begin(turns)
    return [*turns[:at], *turns[at + left_out :]]
