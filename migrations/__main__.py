"""`python -m migrations up | status | wait`."""

import sys

import psycopg

from migrations import runner
from olamchat.db.address import parameters
from olamchat.db.pool import SESSION, is_pooled
from olamchat.environment import BadSetting, environment

USAGE = "usage: python -m migrations up | status | wait"


def main(words: list[str]) -> int:
    """Carry out one word and return the exit code: 1 where `status` finds something missing or a database can't serve, 2 for a wrong word or setting.

    `up` and `wait` wait for a database that is started later than they are, and say so.
    """
    try:
        url = environment().database_url
        parameters(url)
        pooled = is_pooled(environment().database_pooler)
    except BadSetting as error:
        print(error, file=sys.stderr)
        return 2
    try:
        return _carry_out(words, url, pooled=pooled)
    except (runner.WrongEncoding, psycopg.Error) as error:
        print(str(error).strip(), file=sys.stderr)
        return 1


def _say(why: str) -> None:
    print(why, flush=True)


def _carry_out(words: list[str], url: str, *, pooled: bool) -> int:
    if words == ["up"]:
        runner.wait_for_database(url, said=_say)
        if pooled:
            runner.keep_settings(url, SESSION)
        print("\n".join(f"applied {name}" for name in runner.up(url)) or "nothing to do")
        return 0
    if words == ["status"]:
        pending = runner.pending(url)
        print("\n".join(f"missing {name}" for name in pending) or "up to date")
        return 1 if pending else 0
    if words == ["wait"]:
        runner.wait(url, said=_say)
        return 0
    print(USAGE, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
