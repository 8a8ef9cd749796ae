"""Start a worker: `python -m worker`. Its settings come from the environment (olamchat/environment.py)."""

import logging
import signal
import sys
import warnings
from typing import Any

from celery import signals
from celery.platforms import SecurityWarning

from olamchat import heap, logs, redis_url, tracing
from olamchat.db.pool import open_database
from olamchat.environment import BadSetting, Environment, environment
from worker import app as celery_app
from worker import tasks
from worker.health_server import Port
from worker.pools.config import Pools, pools
from worker.process import Process

_FLAGS = ("-q", "worker", "-P", "threads", "--without-gossip", "--without-mingle", "--without-heartbeat")


def main() -> int:
    """Serve turns until SIGTERM or SIGINT; return the exit code."""
    try:
        settings = environment()
        engines = pools(settings)
    except BadSetting as error:
        sys.stderr.write(f"{error}\n")
        return 2
    warnings.filterwarnings("ignore", category=SecurityWarning)  # a container's root is what there is
    for chatty in ("celery.worker.strategy", "celery.app.trace"):  # a line for each turn, twice
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        logs.set_up(settings.log_level, settings.log_format)
        tracing.set_up("worker")
        # A connection for each turn that takes or closes at this moment, and for the keeper, the sweeper and the claims.
        open_database(size=min(settings.db_pool_size, settings.concurrency) + 6)
        redis_url.check(settings.redis_url)
    except BadSetting as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return _serve(settings, engines)


def _serve(settings: Environment, engines: Pools) -> int:
    process = Process(settings, engines)
    app = celery_app.make(settings, engines)
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
    signals.worker_shutting_down.connect(lambda **_: process.drain(), weak=False)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # until Celery has its own
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


def _port(settings: Environment, process: Process) -> Port | None:
    if not settings.worker_port:
        return None
    port = Port(settings.worker_port, well=lambda: process.is_well, ready=lambda: not process.ending.is_set())
    port.start()
    return port


if __name__ == "__main__":
    sys.exit(main())
