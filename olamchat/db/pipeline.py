"""A transaction in as few trips as it has decisions: BEGIN goes out with its first statements, COMMIT with its last."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from peewee import __exception_wrapper__ as peewees_errors  # type: ignore[attr-defined]

from olamchat.db.pool import database
from olamchat.db.rows import Row, fetched

Statement = tuple[str, Any]
_BEGIN, _COMMIT = ("BEGIN", None), ("COMMIT", None)


class Pipeline:
    """A transaction that is open, or will be with its first statements."""

    def __init__(self) -> None:
        self.is_open = False

    def run(self, *statements: Statement, last: bool = False) -> list[list[Row]]:
        """Run statements one after the other in one trip, and return the rows of each; `last` commits with them.

        Each begins when the one before it has ended: what that has locked, it sees as it is now. Raises peewee's errors.
        """
        before: Sequence[Statement] = () if self.is_open else (_BEGIN,)
        after: Sequence[Statement] = (_COMMIT,) if last else ()
        connection = database.connection()
        self.is_open = True
        with peewees_errors, connection.pipeline():
            cursors = [connection.execute(sql, values) for sql, values in (*before, *statements, *after)]
        self.is_open = not last
        return [fetched(cursor) for cursor in cursors[len(before) : len(before) + len(statements)]]


@contextmanager
def transaction() -> Iterator[Pipeline]:
    """Commit at the end, unless the last statements did; undo everything where something is raised.

    Not to be put into another transaction, nor another into it.
    """
    pipeline = Pipeline()
    try:
        yield pipeline
        if pipeline.is_open:
            database.commit()
    except BaseException:
        if pipeline.is_open:
            database.rollback()
        raise
