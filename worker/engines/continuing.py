"""Which models go on with an answer that broke off.

By protocol or by its name a server claims that its models do; some then begin again all the same. So a claim that nobody has vouched
for is tested once for each model, before it is relied on, and one that turns out wrong is given up for that model, for an hour.
"""

import threading
import time
from collections.abc import Callable, Sequence

from worker.engines.base import ChatRequest, Engine, EngineError, Message, Options, text_of
from worker.engines.reply.seam import same

KEPT_S = 3_600.0
TEST_S = 20.0
QUESTION = Message(role="user", content="Count from one to twenty in words.")
BEGUN = "One, two,"
# Characters that are the same in an answer and what is to follow it: it begins again.
TELLING = 8


class Continuing:
    """What is known of one server's models. `claim` tells what the server lets expect; `is_sure`: somebody has vouched for it."""

    def __init__(self, claim: Callable[[str], bool], *, is_sure: bool) -> None:
        self._claim, self._is_sure = claim, is_sure
        self._seen: dict[str, tuple[bool, float]] = {}
        self._test = threading.Lock()

    def claims(self, model: str) -> bool:
        """Tell whether an answer of this model can go on, as far as is known."""
        return self._known(model) is not False and self._claim(model)

    def note(self, model: str, *, works: bool) -> None:
        """Remember how it went."""
        self._seen = {name: seen for name, seen in self._seen.items() if time.monotonic() - seen[1] < KEPT_S}
        self._seen[model] = (works, time.monotonic())

    def tested(self, model: str, test: Callable[[], bool | None]) -> bool:
        """Tell whether an answer of this model can go on, after a test where the claim has had none."""
        with self._test:  # who comes meanwhile waits for the same answer
            if self.claims(model) and not self._is_sure and self._known(model) is None and (works := test()) is not None:
                self.note(model, works=works)
        return self.claims(model)

    def _known(self, model: str) -> bool | None:
        works, at = self._seen.get(model, (None, 0.0))
        return works if time.monotonic() - at < KEPT_S else None


def goes_on(engine: Engine, model: str) -> bool | None:
    """Have the model begin an answer and go on with it; None where it does not answer in time."""
    begun = _said(engine, model, [QUESTION], 16)
    if begun is None:
        return None
    begun = begun.strip() or BEGUN
    more = _said(engine, model, [QUESTION, Message(role="assistant", content=begun)], 8)
    if more is None:
        return None
    # A repetition that is long enough was cut off the answer on its way here, and noted.
    return engine.continues(model) and same(more.strip(), begun) < min(TELLING, len(begun), max(1, len(more.strip())))


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
