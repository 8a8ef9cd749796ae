"""Gunicorn's settings for all functions and the page in one gevent process: `gunicorn -c local/gunicorn.py functions.wsgi:app`."""

from gevent import monkey

monkey.patch_all()

import ctypes  # noqa: E402, everything after the patch
import os  # noqa: E402
import resource  # noqa: E402
import signal  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from local import counting  # noqa: E402

PR_SET_PDEATHSIG = 1

bind = os.environ.get("OLAMCHAT_BIND", "127.0.0.1:8000")
worker_class = "gevent"
workers = counting.processes()
worker_connections = 20_000
timeout = 60
graceful_timeout = 5
keepalive = 75
control_socket_disable = True
accesslog = None
errorlog = "-"
loglevel = os.environ.get("OLAMCHAT_LOG_LEVEL", "warning")


def child_exit(_server: Any, worker: Any) -> None:
    """Forget what only a living process has."""
    counting.gone(worker.pid)


def when_ready(_server: Any) -> None:
    """Raise the limit of open files to what the system allows: every watching browser holds one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def post_fork(_server: Any, _worker: Any) -> None:
    """End with gunicorn's main process, also when that is killed."""
    if os.uname().sysname == "Linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def post_worker_init(worker: Any) -> None:
    """Put the page around the functions."""
    from local.page import Page

    if folder := os.environ.get("OLAMCHAT_WEB_DIR"):
        worker.wsgi = Page(worker.wsgi, Path(folder))
