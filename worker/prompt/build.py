"""What the model is sent: the thread, the options, and the text so far where the answer is gone on with."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from olamchat.services.turns import lifecycle
from olamchat.services.turns.lifecycle import Taken
from olamchat.tokenlog.replay import Text
from worker.engines.base import ChatRequest, Message, Options
from worker.pools.pool import Pool
from worker.prompt import attachments, completion


def text_to_go_on_with(text: Text, continues: Callable[[], bool]) -> Text:
    """Return the beginning of a broken answer that its model can continue; empty where it has to begin anew.

    The white space at the end is left out: chat templates trim it, and the model says it again. Reasoning alone can't be continued.
    """
    content = text.content.rstrip()
    return Text(content, text.reasoning) if content and continues() else Text()


def request(turn: Taken, text: Text, pool: Pool) -> ChatRequest:
    """Return the request for the rest of the answer after `text`. Raises DatabaseLost."""
    continues = bool(text.content) and pool.continues(turn.model)
    if turn.request is None:
        thread = attachments.messages(lifecycle.thread(turn), window=pool.window(turn.model), sees=pool.sees(turn.model))
    else:
        thread = completion.messages(turn.request)
    said = [Message(role="assistant", content=text.content)] if continues else []
    return ChatRequest(
        model=turn.model, messages=[*thread, *said], options=options(turn, pool.defaults(turn.model)), continues=continues,
        demands=completion.demands(turn.request or {}),
    )  # fmt: skip


def options(turn: Taken, defaults: Options) -> Options:
    """Return how the model is to sample: the turn's options over the conversation's settings over the pool's defaults."""
    names = ("temperature", "top_p", "max_tokens", "seed", "stop", "frequency_penalty", "presence_penalty")
    given: dict[str, Any] = {name: turn.options[name] for name in names if turn.options.get(name) is not None}
    stop = tuple(given.pop("stop", defaults.stop))
    return replace(defaults, **given, stop=stop)
