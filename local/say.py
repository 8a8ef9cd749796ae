"""What a person sees while the house starts and stops: one line a step, with how long it took."""

import contextlib
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Progress:
    """A step under way; `note` is shown behind its name when it is done."""

    name: str
    note: str = ""


@contextmanager
def step(name: str) -> Iterator[Progress]:
    """Show a step: on a terminal while it lasts, everywhere when it is done. A failure shows its cross and goes on rising."""
    now = Progress(name)
    began = time.monotonic()
    _show(f"  … {name}", passing=True)
    try:
        yield now
    except BaseException:
        _show(f"  ✗ {name}")
        raise
    note = f" ({now.note})" if now.note else ""
    _show(f"  ✓ {now.name}{note}  {time.monotonic() - began:.1f} s")


def going(text: str) -> None:
    """Show on a terminal how far a step is; nowhere else."""
    _show(f"  … {text}", passing=True)


def line(text: str = "") -> None:
    """Print a line at once."""
    _show(text)


def block(rows: list[tuple[str, str]]) -> None:
    """Print names and values in two columns, with an empty line before and after."""
    width = max(len(name) for name, _ in rows)
    line()
    for name, value in rows:
        line(f"  {name:<{width}}  {value}".rstrip())
    line()


def _show(text: str, *, passing: bool = False) -> None:
    with contextlib.suppress(OSError):  # whoever listened has gone; what is to be done is done all the same
        if sys.stdout.isatty():
            print(f"\r\033[K{text}", end="" if passing else "\n", flush=True)
        elif not passing:
            print(text, flush=True)
