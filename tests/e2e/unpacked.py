"""Where Chromium is: out of its npm package, unpacked once into .cache."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

from tests.e2e.house import ROOT


def chromium() -> str:
    """Return the program's path. Of several that ask at once one unpacks it; the others wait."""
    folder = ROOT / ".cache" / "chromium"
    folder.mkdir(parents=True, exist_ok=True)
    variables = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "TMPDIR": str(folder)}
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = subprocess.run(
            ["node", "scripts/chromium.mjs"], cwd=ROOT / "web", check=True, capture_output=True, text=True, env=variables
        )
    return found.stdout.strip()
