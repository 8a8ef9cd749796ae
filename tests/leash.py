"""Words before a command that have the kernel end it when the test process ends, however that happens (Linux)."""

import shutil

LEASH = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
