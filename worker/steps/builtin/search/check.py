"""`python -m worker.steps.builtin.search.check`: ask the search engine that is set for one word, and say in words how it answers.

Exits with 1 where answers could not search.
"""

import asyncio
import sys

from olamchat.environment import BadSetting, Environment, environment
from worker.steps.builtin.belt import trust
from worker.steps.builtin.refusals import NotDone
from worker.steps.builtin.search import choice

WORD = "olamchat"


def said(settings: Environment) -> str:
    """Return how the engine answers. Raises BadSetting, NotDone."""
    engine = choice.engine(settings, trust())
    if engine is None:
        return "answers don't search: OLAMCHAT_SEARCH names no engine."
    found = asyncio.run(engine.search(WORD))
    return f"{engine.name} answers, with {len(found)} {'place' if len(found) == 1 else 'places'} for one word."


def main() -> int:
    try:
        print(said(environment()))
    except (BadSetting, NotDone) as error:
        print(f"{error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
