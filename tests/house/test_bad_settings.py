"""A URL that can't be honoured ends each process at once with one sentence: no traceback, no password."""

import os
import subprocess
import sys

import pytest

FUNCTIONS = ["-m", "gunicorn", "-c", "functions/server/gunicorn_config.py", "functions.wsgi:app"]
BAD = {
    "DATABASE_URL": ("postgresql://u:hidden@127.0.0.1:1/d?sslmoode=require", "parameter 'sslmoode'"),
    "REDIS_URL": ("redis+sentinel://:hidden@127.0.0.1:1/mymaster", "names Sentinels"),
    "OLAMCHAT_DATABASE_POOLER": ("session", "OLAMCHAT_DATABASE_POOLER='session'"),
}


PROCESSES = {"functions": FUNCTIONS, "worker": ["-m", "worker"], "migrations": ["-m", "migrations", "up"]}
CASES = [(process, variable) for process in PROCESSES for variable in BAD if (process, variable) != ("migrations", "REDIS_URL")]


@pytest.mark.parametrize(("process", "variable"), CASES)
def test_a_process_says_in_one_sentence_what_it_can_not_use(process: str, variable: str) -> None:
    value, told = BAD[variable]
    done = subprocess.run(
        [sys.executable, *PROCESSES[process]], env={**os.environ, variable: value}, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode != 0
    assert told in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert "hidden" not in done.stderr + done.stdout
