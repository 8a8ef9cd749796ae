"""What the model is sent: the thread, the options, and the text so far where the answer is gone on with."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from olamchat.db.rows import Row
from olamchat.services.turns.lifecycle import Taken
from olamchat.tokenlog.replay import Text
from worker.engines.base import ChatRequest, Demands, Message, Options
from worker.pools.pool import Pool
from worker.prompt import attachments, completion, steps
from worker.prompt.attachments import Plan


def text_to_go_on_with(text: Text, continues: Callable[[], bool], floor: tuple[int, int] = (0, 0)) -> Text:
    """Return the beginning of a broken answer that its model can continue; where it has to begin anew, what it said before its last steps.

    `floor` are the offsets in text and reasoning at which those steps stand. The white space at the end is left out: chat templates
    trim it, and the model says it again. Reasoning alone can't be continued.
    """
    at, reasoning_at = floor
    said = text.content[at:].rstrip()
    if said and continues():
        return Text(text.content[:at] + said, text.reasoning)
    return Text(text.content[:at], text.reasoning[:reasoning_at])


def request(turn: Taken, text: Text, pool: Pool, plan: Plan, *, done: Sequence[Row] = (), demands: Demands | None = None) -> ChatRequest:
    """Return the request for the rest of the answer after `text` and the steps that are `done`. Raises DatabaseLost."""
    at = done[-1]["at"] if done else 0
    continues = bool(text.content[at:]) and pool.continues(turn.model)
    thread = attachments.messages(plan, sees=pool.sees(turn.model)) if turn.request is None else completion.messages(turn.request)
    acted = steps.messages(text.content[:at], done, window=pool.window(turn.model)) if done else []
    said = [Message(role="assistant", content=text.content[at:])] if continues else []
    return ChatRequest(
        model=turn.model, messages=[*thread, *acted, *said], options=options(turn, pool.defaults(turn.model)), continues=continues,
        demands=demands or completion.demands(turn.request or {}),
    )  # fmt: skip


def options(turn: Taken, defaults: Options) -> Options:
    """Return how the model is to sample: the turn's options over the conversation's settings over the pool's defaults."""
    names = ("temperature", "top_p", "max_tokens", "seed", "stop", "frequency_penalty", "presence_penalty", "effort")
    given: dict[str, Any] = {name: turn.options[name] for name in names if turn.options.get(name) is not None}
    stop = tuple(given.pop("stop", defaults.stop))
    return replace(defaults, **given, stop=stop)
