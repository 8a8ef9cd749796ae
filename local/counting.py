"""Metrics of a server of several processes: each writes what it counts into a folder, any of them reads all of it."""

import os
import shutil
import tempfile

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_made: list[str] = []


def processes() -> int:
    """Return how many processes gunicorn is to run (WEB_CONCURRENCY), and where it is more than one, give their metrics a folder.

    prometheus_client looks at the variable when it is imported, so this comes first. An autoscaled pod runs one process and needs none.
    """
    count = int(os.environ.get("WEB_CONCURRENCY") or "1")
    if count > 1 and FOLDER not in os.environ:
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="olamchat-metrics-")
        _made.append(os.environ[FOLDER])
    return count


def forget() -> None:
    """Remove the folder that was made here, once the server has ended; one that was given is somebody else's."""
    while _made:
        shutil.rmtree(_made.pop(), ignore_errors=True)


def gone(pid: int) -> None:
    """Forget the gauges of a process that has ended; what it counted stays counted."""
    if FOLDER in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]
