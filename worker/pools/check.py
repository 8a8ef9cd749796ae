"""`python -m worker.pools.check`: ask each engine of the pools for its models, one real token, and to continue an answer. `doctor` calls it."""

import sys
import time
from collections.abc import Iterator

from olamchat.environment import BadSetting, environment
from worker.engines.base import ChatRequest, Delta, EngineError, EngineUnavailable, Model, ModelNotFound, Options
from worker.engines.continuing import QUESTION, goes_on
from worker.pools.config import pools
from worker.pools.pool import Pool
from worker.pools.replicas import Replica


class Ill(Exception):
    """An engine is not well; the message says what and what to do."""


def main() -> int:
    """Print a line for each replica of each pool; return 1 where one is not well."""
    try:
        found = pools(environment())
    except BadSetting as error:
        print(f"✗ {error}")
        return 1
    well = True
    for pool in found.values():
        for replica in pool.replicas:
            where = f"{pool.name}" + (f" at {replica.url}" if replica.url else "")
            try:
                print(f"✓ {where}: {'; '.join(_looks(pool, replica))}.", flush=True)
            except Ill as ill:
                well = False
                print(f"✗ {where}: {ill}", flush=True)
    return 0 if well else 1


def _looks(pool: Pool, replica: Replica) -> Iterator[str]:
    model = _model(pool, replica)
    yield f"{len(replica.offers)} model{'' if len(replica.offers) == 1 else 's'}"
    word, took_s = _first_word(replica, ChatRequest(model=model.name, messages=[QUESTION], options=Options(max_tokens=16)))
    yield f"{model.name} said {word!r} after {took_s:.1f} s"
    if not pool.goes_on(model.name):
        yield "broken answers start over"
        return
    works = goes_on(replica.engine, model.name)
    if works is False:
        raise Ill(
            f"{model.name} starts over where it should continue a broken answer, which then repeats itself. Say `continue: false` in the pools' file"
        )
    yield "broken answers continue" if works else "whether broken answers continue could not be tried"


def _model(pool: Pool, replica: Replica) -> Model:
    try:
        models = replica.look()
    except EngineUnavailable:
        raise Ill("it does not answer. Is it running, and is its address right?") from None
    named = [model for model in models if pool.offers(model.name)]
    if not models:
        raise Ill("it answers, but has no model. With Ollama: `ollama pull llama3.2:1b`.")
    if not named:
        raise Ill(f"it has none of the pool's models, but {', '.join(model.name for model in models)}. Put the names in the file right.")
    return min(named, key=lambda model: model.state != "loaded")


def _first_word(replica: Replica, request: ChatRequest) -> tuple[str, float]:
    began = time.monotonic()
    speech = replica.engine.chat(request)
    try:
        for piece in speech:
            if isinstance(piece, Delta) and (said := (piece.text or piece.reasoning).strip()):
                return said.split()[0][:40], time.monotonic() - began  # fast engines say many words at once
    except ModelNotFound:
        raise Ill(f"{request.model} is on its list, but it does not find it. Load or pull it again.") from None
    except EngineError as error:
        raise Ill(f"{request.model} does not answer ({error.code}: {str(error)[:200]}). The engine's own log may say why.") from None
    finally:
        speech.close()
    raise Ill(f"{request.model} ended without a word. Is it a chat model?")


if __name__ == "__main__":
    sys.exit(main())
