"""Check that the audit log is whole: that no row was changed, removed, moved or put in between.

Whoever may write to the database can compute a whole new chain. What they can't do is keep a head that was noted elsewhere: so note it
(`Verdict.head`), and have it checked again later.
"""

from dataclasses import dataclass
from datetime import datetime

from olamchat.db.people import audit as statements
from olamchat.db.pool import connected, database
from olamchat.db.rows import Row

BATCH = 5_000


@dataclass(frozen=True)
class Head:
    """A row's number and hash, written as NUMBER:HASH."""

    number: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.number}:{self.hash.hex()}"


@dataclass(frozen=True)
class Verdict:
    """What was found: how many rows fit, what the last one is, what retention has erased before them, and what is wrong (nothing: "")."""

    rows: int
    head: Head
    erased: int
    erased_until: datetime | None
    wrong: str = ""


def parse(text: str) -> Head:
    """Read a noted head. Raises ValueError."""
    number, colon, digest = text.strip().partition(":")
    if not colon or len(digest) != 64:
        raise ValueError("a head is written as NUMBER:HASH, as the check printed it")
    return Head(int(number), bytes.fromhex(digest))


def verify(noted: Head | None = None) -> Verdict:
    """Check every row, and that a head noted earlier is still among them. Raises DatabaseLost."""
    with connected(), database.atomic("REPEATABLE READ"):
        chain = statements.chain()
        erased = Head(chain["erased_number"], bytes(chain["erased_hash"]))
        rows, reached, wrong = _walk(erased, Head(chain["number"], bytes(chain["hash"])), noted)
    return Verdict(rows, reached, erased.number, chain["erased_until"], wrong)


def _walk(start: Head, end: Head, noted: Head | None) -> tuple[int, Head, str]:
    rows, reached = 0, start
    if noted and noted.number < start.number:
        return 0, reached, f"row {noted.number}, which was noted, has been erased: note a newer head before the retention period is over"
    while batch := statements.links(after=reached.number, previous=reached.hash, last=end.number, limit=BATCH):
        for row in batch:
            if wrong := _wrong(row, reached, noted):
                return rows, reached, wrong
            rows, reached = rows + 1, Head(row["number"], bytes(row["hash"]))
    if reached != end:
        return rows, reached, f"rows are missing at the end: the last one is {reached.number} and should be {end.number}"
    if noted and (noted.number > end.number or (noted.number == start.number and noted.hash != start.hash)):
        return rows, reached, f"row {noted.number} is not the one that was noted"
    return rows, reached, ""


def _wrong(row: Row, before: Head, noted: Head | None) -> str:
    number = row["number"]
    if number != before.number + 1:
        return f"rows {before.number + 1} to {number - 1} are missing"
    if not row["fits"]:
        return f"row {number} of {row['created_at'].isoformat()} was changed, or the one before it was"
    if noted and number == noted.number and bytes(row["hash"]) != noted.hash:
        return f"row {number} is not the one that was noted: the log was written again"
    return ""
