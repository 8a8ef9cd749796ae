"""A file that is touched while every part of this worker goes round, for an orchestrator that looks at a file's age."""

import logging
from collections.abc import Callable
from pathlib import Path

from olamchat.environment import Environment
from worker.periodic import Periodic

_log = logging.getLogger(__name__)


class Pulse(Periodic):
    """Touches the heartbeat file, where there is to be one, with every heartbeat of a worker that is well."""

    def __init__(self, environment: Environment, *, is_well: Callable[[], bool]) -> None:
        super().__init__("pulse", environment.heartbeat_s)
        self._file, self._is_well = environment.worker_heartbeat_file, is_well

    def round(self) -> None:
        if not self._is_well():
            _log.error("a part of this worker has not gone round for too long")
        elif self._file:
            Path(self._file).touch()
