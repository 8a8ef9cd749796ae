"""Processes that never outlive the one that started them, also when that one is killed."""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

NOBODY = 65534
# What lets nobody pass through closed folders; access(2) asks by the real user, hence the secure bit.
PASSING = [
    "--securebits=+no_setuid_fixup",
    *(f"--{name}=-all,+dac_override" for name in ("inh-caps", "ambient-caps", "bounding-set")),
]
PASSING_NEEDS = 1 << 1 | 1 << 8  # CAP_DAC_OVERRIDE and CAP_SETPCAP


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
            _leashed(command, dies_by, unprivileged=unprivileged),
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

    Nobody keeps one of root's rights, to pass through folders that are closed to others: /root mostly is, and pytest's may be at any time.
    """
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        raise CannotStart("Running as root needs `setpriv` (Debian: util-linux). Install it, or run as another user.")
    rights = PASSING if _rights() & PASSING_NEEDS == PASSING_NEEDS else []
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *rights, "--pdeathsig", "keep"]


def _rights() -> int:
    """Return this process's capabilities as bits; a container's root may lack some."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("CapEff:")[2].split()[0], 16)


def _leashed(command: Sequence[str | Path], dies_by: signal.Signals, *, unprivileged: bool) -> list[str | Path]:
    """Have the kernel tell the process when its starter ends; the shell sees to it that this hasn't happened before it was asked."""
    nobody = as_nobody() if unprivileged else []
    if shutil.which("setpriv") is None:
        return [*nobody, *command]
    leash = ["setpriv", "--pdeathsig", dies_by.name.removeprefix("SIG"), *nobody]
    return [*leash, "/bin/sh", "-c", 'test "$PPID" = "$0" && exec "$@"', str(os.getpid()), *command]
