"""The one task, as a doorway to the process."""

from typing import Any

from celery import Celery

from worker.process import Process

TAKE_TURN = "olamchat.take_turn"


def register(app: Celery, process: Process) -> None:
    """Give the app its task."""

    @app.task(name=TAKE_TURN)  # type: ignore[untyped-decorator]
    def take_turn(*, pool: str, **_: Any) -> None:
        """Take one turn of the pool, if there is one."""
        process.take(pool)
