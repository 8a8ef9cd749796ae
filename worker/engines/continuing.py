"""Which models can continue an answer that broke off.

A server's protocol or name implies that its models do; some start over all the same. So a claim that nobody has vouched
for is tested once for each model, before it is relied on, and one that turns out wrong is given up for that model for an hour.
"""

import threading
import time
from collections.abc import Callable, Sequence

from worker.engines.base import ChatRequest, Engine, EngineError, Message, Options, text_of
from worker.engines.reply.seam import same

KEPT_S, UNTOLD_S = 3_600.0, 60.0
TEST_S = 20.0
QUESTION = Message(role="user", content="Count from one to twenty in words.")
BEGUN, NEXT = "One, two, three, four,", "five"
# So many characters in a row that match are no coincidence.
TELLING = 8


class Continuing:
    """What is known of one server's models. `claim` tells what can be expected of a model; `is_sure`: somebody has vouched for it."""

    def __init__(self, claim: Callable[[str], bool], *, is_sure: bool) -> None:
        self._claim, self._is_sure = claim, is_sure
        self._seen: dict[str, tuple[bool | None, float]] = {}
        self._test = threading.Lock()

    def claims(self, model: str) -> bool:
        """Tell whether this model can continue an answer, as far as is known."""
        return self._known(model) is not False and self._claim(model)

    def note(self, model: str, *, works: bool | None) -> None:
        """Remember how it went; None: it could not be told, and is not asked again for a minute."""
        self._seen = {name: seen for name, seen in self._seen.items() if _is_fresh(*seen)}
        self._seen[model] = (works, time.monotonic())

    def tested(self, model: str, test: Callable[[], bool | None]) -> bool:
        """Tell whether this model can continue an answer, after a test if its claim has had none."""
        with self._test:  # those who ask meanwhile wait for the same result
            if self.claims(model) and not self._is_sure and not self._was_tested(model):
                self.note(model, works=test())
        return self.claims(model)

    def _was_tested(self, model: str) -> bool:
        return model in self._seen and _is_fresh(*self._seen[model])

    def _known(self, model: str) -> bool | None:
        return self._seen[model][0] if self._was_tested(model) else None


def _is_fresh(works: bool | None, at: float) -> bool:
    return time.monotonic() - at < (UNTOLD_S if works is None else KEPT_S)


def goes_on(engine: Engine, model: str) -> bool | None:
    """Have the model continue an answer; None where it does not reply in time.

    Any model that is shown "four," says "five"; one that starts over, in whatever words, does not. A model that can't count is
    asked for a text and then to continue its first half.
    """
    more = _said(engine, model, [QUESTION, Message(role="assistant", content=BEGUN)], 5)
    if more is None:
        return None
    return engine.continues(model) and (_starts_with(more, NEXT) or _repeats_its_end(engine, model))


def _repeats_its_end(engine: Engine, model: str) -> bool | None:
    whole = (_said(engine, model, [QUESTION], 24) or "").strip()
    at = whole.rfind(" ", 0, len(whole) // 2 + 1)
    begun, rest = whole[: max(at, 0)], whole[at:].strip()
    if not begun or same(rest, begun) >= TELLING:  # a text that repeats itself tells nothing
        return False
    more = _said(engine, model, [QUESTION, Message(role="assistant", content=begun)], 24)
    # A repetition that is long enough was cut off the answer on its way here, and noted.
    return None if more is None else engine.continues(model) and _starts_with(more, rest[:TELLING])


def _starts_with(text: str, word: str) -> bool:
    return text.strip().casefold().startswith(word.casefold())


def _said(engine: Engine, model: str, messages: Sequence[Message], tokens: int) -> str | None:
    options = Options(max_tokens=tokens, temperature=0)
    speech = engine.chat(ChatRequest(model=model, messages=messages, options=options, continues=messages[-1].role == "assistant"))
    limit = threading.Timer(TEST_S, speech.close)
    limit.daemon = True
    limit.start()
    try:
        return text_of(speech)
    except EngineError:
        return None
    finally:
        limit.cancel()
        speech.close()
