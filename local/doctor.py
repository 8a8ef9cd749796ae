"""`python -m local doctor`: look at each part of the house and say in words what is wrong."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import psycopg

from local import version
from local.engines import finding, suggestion
from local.folder import Folder
from local.parts import ROOT, answers
from olamchat import redis, redis_url, roster
from olamchat.db import address
from olamchat.environment import BadSetting, environment
from olamchat.network import mail
from olamchat.network.addresses import BadAddress


def examine(folder: Folder) -> int:
    """Print a line for each part; returns 1 when one is not well. Looks at what runs in the folder, else at what the environment names."""
    house = folder.house() if folder.runs() else None
    if house is not None:
        os.environ.update({"DATABASE_URL": house.database_url, "REDIS_URL": house.redis_url})
        if not finding.variables(os.environ):
            os.environ.update(house.engine_variables)
    if not os.environ.get("DATABASE_URL") or not os.environ.get("REDIS_URL"):
        print(f"Nothing runs in {folder.path}, and DATABASE_URL and REDIS_URL are not both set. Start the house with `{version.start()}`.")
        return 1
    well = True
    for name, look in _looks(house.address if house else None):
        try:
            print(f"  ✓ {name}: {look()}")
        except (Ill, BadSetting) as ill:
            well = False
            print(f"  ✗ {name}: {ill}")
    return 0 if well else 1


class Ill(Exception):
    """A part is not well; the message says what and what to do."""


def _looks(address: str | None) -> Iterator[tuple[str, Callable[[], str]]]:
    yield "Database", _database
    yield "Tables", _tables
    yield "Knowledge", _knowledge
    yield "Redis", _redis
    yield "Worker", _worker
    yield "Engines", _engines
    yield "Web search", _search
    if mail.is_there():
        yield "Mail", _mail
    if address:
        yield "Page and functions", lambda: _web(address)


def _database() -> str:
    try:
        with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5) as connection:
            return f"PostgreSQL {connection.info.server_version // 10000} at {address.place(os.environ['DATABASE_URL'])} answers."
    except psycopg.OperationalError as error:
        raise Ill(f"can't be reached ({str(error).strip().splitlines()[-1]}). Is it running, and is DATABASE_URL right?") from None


def _tables() -> str:
    told = subprocess.run([sys.executable, "-m", "migrations", "status"], cwd=ROOT, capture_output=True, text=True, check=False)
    if told.returncode == 0:
        return "up to date."
    missing = told.stdout.strip().replace("\n", ", ")
    raise Ill(f"{missing or 'could not be looked at'}. Run `python -m migrations up`.")


def _knowledge() -> str:
    """Say how documents are found. Words alone are no illness."""
    try:
        with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5) as connection:
            [can] = connection.execute("SELECT to_regtype('halfvec') IS NOT NULL").fetchone() or [False]
    except psycopg.OperationalError:
        raise Ill("nobody can tell while the database is away.") from None
    if not can:
        return (
            "documents are found by their words alone: the database lacks the extension `vector` (0.7 or newer). Where it is installed, a "
            "superuser runs `CREATE EXTENSION vector`, then you run `python -m migrations up`."
        )
    if not (model := os.environ.get("OLAMCHAT_EMBEDDINGS")):
        return "documents are found by their words alone: OLAMCHAT_EMBEDDINGS names no model."
    return f"documents are found by their words and by what {model} makes of them."


def _redis() -> str:
    try:
        with redis.guard():
            redis.client().ping()
        return f"at {redis_url.place(os.environ['REDIS_URL'])} answers."
    except redis.Lost:
        raise Ill("can't be reached. Is it running, and is REDIS_URL right?") from None


def _worker() -> str:
    try:
        there = roster.workers()
    except redis.Lost:
        raise Ill("nobody can tell while Redis is away.") from None
    if not there:
        raise Ill("none has said a word in the last 15 seconds. The worker's log may say why.")
    return f"{len(there)} at work."


def _engines() -> str:
    """Have the worker's own code ask each engine, as a process of its own."""
    try:
        found = {engine.variable: engine.url for engine in finding.look_around(os.environ)}
    except BadAddress as error:
        raise Ill(f"{error}.") from None
    command = [sys.executable, "-m", "worker.pools.check"]
    told = subprocess.run(command, cwd=ROOT, env={**os.environ, **found}, capture_output=True, text=True, check=False)
    lines = "".join(f"\n      {line}" for line in told.stdout.splitlines())
    if told.returncode:
        raise Ill(f"not all are well.{lines or told.stderr[-500:]}")
    real = found or os.environ.get("OLAMCHAT_POOLS_FILE")
    return (
        f"asked for one word each.{lines}"
        if real
        else f"none found, so the demo answers. For a real one: {suggestion.way()}. Or name one: {version.start(engine='http://…')}"
    )


def _search() -> str:
    """Have the step worker's own code ask the search engine, as a process of its own."""
    command = [sys.executable, "-m", "worker.steps.builtin.search.check"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    said = told.stdout.strip() or told.stderr[-500:]
    if told.returncode:
        raise Ill(f"{said.rstrip('.')}. Answers can't search until this is mended (docs/tools.md).")
    return said


def _mail() -> str:
    """Sign in at the mail server as for a mail. Raises BadSetting."""
    mail.check()
    try:
        return f"{mail.look()} takes mail."
    except (mail.MailLost, mail.MailRefused) as error:
        raise Ill(f"{environment().smtp_host}:{environment().smtp_port} can't be used: {error}.") from None


def _web(address: str) -> str:
    if not answers(f"{address}/api/health"):
        raise Ill(f"{address}/api/health does not answer. The log of the functions may say why.")
    return f"{address} answers."
