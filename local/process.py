"""Processes that never outlive the one that started them, also when that one is killed."""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

NOBODY = 65534


class CannotStart(RuntimeError):
    """A part of the house did not come up; the message says why and what to do."""


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    dies_by: signal.Signals,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdin: int = subprocess.DEVNULL,
    unprivileged: bool = False,
) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, its output appended to `log`.

    When the *thread* that called this ends, the kernel sends the process `dies_by` (Linux; elsewhere nothing does).
    With `unprivileged`, root runs it as nobody: PostgreSQL refuses to run as root.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        return subprocess.Popen(
            [*_leash(dies_by), *(as_nobody() if unprivileged else []), *command],
            stdin=stdin, stdout=out, stderr=out, cwd=cwd or "/", env=env, start_new_session=True,
        )  # fmt: skip


def end(process: subprocess.Popen[bytes], how: signal.Signals, timeout_s: float) -> bool:
    """Ask the process to end and wait; kill it when it doesn't. Returns whether it went by itself."""
    if process.poll() is None:
        process.send_signal(how)
    try:
        process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False
    return True


def as_nobody() -> list[str]:
    """Return the words before a command that make root run it as nobody; none for anyone else.

    Nobody keeps root's right to pass through folders (/root is closed to others), nothing else of it.
    """
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        raise CannotStart("Running as root needs `setpriv` (Debian: util-linux). Install it, or run as another user.")
    return [
        "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
        "--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override", "--bounding-set=-all,+dac_override", "--pdeathsig", "keep",
    ]  # fmt: skip


def _leash(dies_by: signal.Signals) -> list[str]:
    return ["setpriv", "--pdeathsig", dies_by.name.removeprefix("SIG")] if shutil.which("setpriv") else []
