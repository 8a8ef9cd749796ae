"""Python's garbage collector in a process that serves: what was there when it began is never looked through again."""

import gc

# Objects that may come before the youngest are looked through. Python's 700 are one request's, which leaves little behind that goes round in circles.
YOUNG = 20_000


def settle() -> None:
    """Call it when a process has all that it will keep: modules, routes, models. A full collection of these takes 40 ms."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)
