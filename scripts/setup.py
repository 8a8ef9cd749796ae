"""Install what the house is built of, quietly: `python scripts/setup.py packages | node-modules | page`. Make calls it, by stamps.

Only the standard library, since it runs before anything is installed.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
WEB = ROOT / "web"
LOGS = ROOT / ".cache" / "setup"
SIGNS_OF_LIFE_S = 15


def packages(lock: str) -> None:
    """Make .venv where it is missing and install a lock file into it, by hashes."""
    if not (VENV / "bin" / "pip").exists():
        shutil.rmtree(VENV, ignore_errors=True)
        run("Python environment", [sys.executable, "-m", "venv", VENV], hint="On Debian and Ubuntu: apt-get install python3-venv")
    count = sum("==" in line for line in Path(lock).read_text().splitlines())
    command: list[str | Path] = [
        VENV / "bin" / "pip",
        "install",
        "--require-hashes",
        "--no-deps",
        "--disable-pip-version-check",
        "-r",
        lock,
    ]
    run(
        f"Python packages ({Path(lock).stem}, {count} at most)",
        command,
        hint="Is the package index within reach? `make` again goes on from here.",
    )


def node_modules() -> None:
    """Install the page's packages by Node's wheel."""
    run("Node packages", [VENV / "bin" / "npm", "ci", "--no-progress"], cwd=WEB, env=_with_node())


def page() -> None:
    """Build the page into web/out."""
    run("The page", [VENV / "bin" / "npm", "run", "build"], cwd=WEB, env=_with_node())


def run(what: str, command: Sequence[str | Path], *, hint: str = "", cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> None:
    """Run a command with its output in a log; show one line, and on failure the end of the log. Exits 1 when it failed."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{what.split(' (', maxsplit=1)[0].lower().replace(' ', '-')}.log"
    began = time.monotonic()
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd=cwd, env=env)
        code = _watch(process, lambda: _say(f"  … {what}  {time.monotonic() - began:.0f} s", passing=True))
    if code:
        _say(f"  ✗ {what} failed; from {log.relative_to(ROOT)}:\n")
        print("".join(f"    {line}\n" for line in _ends(log)), hint, flush=True)
        sys.exit(1)
    _say(f"  ✓ {what}  {time.monotonic() - began:.1f} s")


def _ends(log: Path) -> list[str]:
    """Return the first lines of a log, where npm tells the cause, and the last, where pip does."""
    lines = log.read_text(errors="replace").splitlines()
    return lines if len(lines) <= 30 else [*lines[:12], "…", *lines[-18:]]


def _watch(process: subprocess.Popen[bytes], show: Callable[[], None]) -> int:
    show()
    while True:
        try:
            return process.wait(0.5 if sys.stdout.isatty() else SIGNS_OF_LIFE_S)
        except subprocess.TimeoutExpired:
            show()
        except KeyboardInterrupt:
            process.terminate()
            process.wait()
            sys.exit(130)


def _say(text: str, *, passing: bool = False) -> None:
    """Print a line; on a terminal a passing one is written over by the next."""
    if sys.stdout.isatty():
        print(f"\r\033[K{text}", end="" if passing else "\n", flush=True)
    else:
        print(text, flush=True)


def _with_node() -> dict[str, str]:
    return {**os.environ, "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal that has no ✓ shows a question mark
    {"packages": packages, "node-modules": node_modules, "page": page}[sys.argv[1]](*sys.argv[2:])  # type: ignore[operator]
