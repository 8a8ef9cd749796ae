"""Gunicorn's settings on one machine: those of the functions, with the page put around them."""

from runpy import run_path

# The functions' own settings, read as gunicorn reads them; this patches the standard library, so it comes first.
_functions = run_path("functions/server/gunicorn_config.py")
globals().update({name: value for name, value in _functions.items() if not name.startswith("_")})

import ctypes  # noqa: E402, everything after the patch
import os  # noqa: E402
import signal  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from local import counting  # noqa: E402
from local.page import Page  # noqa: E402

PR_SET_PDEATHSIG = 1

workers = counting.processes()


def child_exit(_server: Any, worker: Any) -> None:
    """Forget what only a living process has."""
    counting.gone(worker.pid)


def on_exit(_server: Any) -> None:
    """Leave no counts behind."""
    counting.forget()


def post_fork(_server: Any, _worker: Any) -> None:
    """End with gunicorn's main process, also when that is killed."""
    if os.uname().sysname == "Linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def post_worker_init(worker: Any) -> None:
    """Put the page around the functions."""
    _functions["post_worker_init"](worker)
    if folder := os.environ.get("OLAMCHAT_WEB_DIR"):
        worker.wsgi = Page(worker.wsgi, Path(folder))
