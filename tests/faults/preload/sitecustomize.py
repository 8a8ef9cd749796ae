"""Runs first in every Python process under libfaketime: lets it sleep.

CPython sleeps until a moment of the monotonic clock (clock_nanosleep), which libfaketime 0.9.10 refuses with EINVAL while it leaves that
clock alone. Waiting in select() asks for a span instead.
"""

import select
import time
from typing import SupportsIndex


def sleep(seconds: float | SupportsIndex, /) -> None:
    select.select([], [], [], float(seconds))


time.sleep = sleep
