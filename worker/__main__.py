"""Start a worker: `python -m worker` for answers, `python -m worker steps` for what they do besides text, `python -m worker index` for documents.

Its settings come from the environment (olamchat/environment.py).
"""

import logging
import signal
import sys
import threading
import warnings
from collections.abc import Callable
from typing import Any, Protocol

from celery import Celery, signals
from celery.platforms import SecurityWarning
from celery.worker import state

from olamchat import heap, logs, redis_url, tracing
from olamchat.db.pool import open_database
from olamchat.environment import BadSetting, Environment, environment
from olamchat.jobs import DOCUMENTS, STEPS, queue_name
from worker import app as celery_app
from worker import tasks
from worker.health_server import Port
from worker.pools.config import Pools, pools
from worker.process import Process


class Served(Protocol):
    """A process that Celery's tasks are handed to; `ending` is set once it takes nothing more."""

    id: str
    ending: threading.Event

    @property
    def is_well(self) -> bool: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def drain(self) -> None: ...


_FLAGS = ("-q", "worker", "-P", "threads", "--without-gossip", "--without-mingle", "--without-heartbeat")


def main() -> int:
    """Serve turns, or what the command line says, until SIGTERM or SIGINT; return the exit code."""
    role = next(iter(sys.argv[1:]), "")
    try:
        settings = environment()
        engines = None if role in _ROLES else pools(settings)
    except BadSetting as error:
        sys.stderr.write(f"{error}\n")
        return 2
    warnings.filterwarnings("ignore", category=SecurityWarning)  # a container's root is what there is
    for chatty in ("celery.worker.strategy", "celery.app.trace", "httpx2"):  # a line for each turn or call
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        logs.set_up(settings.log_level, settings.log_format)
        tracing.set_up(role or "worker")
        # A connection for each turn that takes or closes at this moment, and for the keeper, the sweeper and the claims.
        open_database(size=min(settings.db_pool_size, settings.concurrency) + 6)
        redis_url.check(settings.redis_url)
        return _ROLES[role](settings) if engines is None else _serve(settings, engines)
    except BadSetting as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _serve(settings: Environment, engines: Pools) -> int:
    process = Process(settings, engines)
    app = celery_app.make(settings, [queue_name(pool) for pool in engines.served])
    tasks.register(app, process)

    heard = set(engines.served)

    def hear(sender: Any, **_: Any) -> None:
        process.on_pools = lambda came, went: celery_app.follow(app, sender, came, went)
        missed = [pool for pool in engines.served if pool not in heard], [pool for pool in heard if pool not in engines.served]
        process.on_pools(*missed)
        heard.clear()
        heard.update(engines.served)
        heap.settle()

    signals.worker_ready.connect(hear, weak=False)
    return _run(settings, app, process)


def _serve_steps(settings: Environment) -> int:
    # What step workers have and nobody else needs: the MCP SDK with its HTTP client and server.
    from worker.steps.process import Process as Steps
    from worker.steps.process import register

    process = Steps(settings)
    app = celery_app.make(settings, [STEPS.queue])
    register(app, process)
    return _run(settings, app, process)


def _serve_index(settings: Environment) -> int:
    from worker.index.process import Process as Index
    from worker.index.process import register

    process = Index(settings)
    app = celery_app.make(settings, [DOCUMENTS.queue])
    register(app, process)
    return _run(settings, app, process)


# What has no engines of its own, by the word on the command line.
_ROLES: dict[str, Callable[[Environment], int]] = {"steps": _serve_steps, "index": _serve_index}


def _run(settings: Environment, app: Celery, process: Served) -> int:
    signals.worker_shutting_down.connect(lambda **_: process.drain(), weak=False)
    signal.signal(signal.SIGTERM, _leave)  # until Celery has its own
    port = _port(settings, process)
    process.start()
    try:
        app.worker_main([*_FLAGS, "-c", str(settings.concurrency), "-n", process.id, "-l", settings.log_level.upper()])
    except SystemExit as end:
        return int(end.code or 0)
    finally:
        process.stop()
        if port:
            port.stop()
    return 0


def _leave(*_: object) -> None:
    """End before Celery runs. Where the exception falls into a finalizer, which swallows it, Celery leaves by its own flag as soon as it does."""
    state.should_stop = 0
    sys.exit(0)


def _port(settings: Environment, process: Served) -> Port | None:
    if not settings.worker_port:
        return None
    port = Port(settings.worker_port, well=lambda: process.is_well, ready=lambda: not process.ending.is_set())
    port.start()
    return port


if __name__ == "__main__":
    sys.exit(main())
