"""Cursors: what goes out comes back, and nothing else comes in."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from olamchat.errors import Invalid
from olamchat.services.pagination import cursor, place

TIMES = some.datetimes(min_value=datetime(1970, 1, 1), timezones=some.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]))  # noqa: DTZ001


@given(TIMES, some.uuids())
def test_a_cursor_comes_back_as_it_went_out(at: datetime, id_: UUID) -> None:
    assert place(cursor((at, id_))) == (at, id_)
    assert cursor((at, id_)).replace("-", "").replace("_", "").isalnum()


@given(some.text(max_size=60))
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        place(text)


@pytest.mark.parametrize(
    "text", ["W10", "bnVsbA", "WyJ4IiwgInkiXQ", "WyIyMDI2LTAxLTAxVDAwOjAwOjAwIiwgIjAxOTAwMDAwLTAwMDAtNzAwMC04MDAwLTAwMDAwMDAwMDAwMCJd"]
)
def test_json_of_another_shape_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        place(text)
