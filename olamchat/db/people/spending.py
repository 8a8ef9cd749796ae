"""The statements about what people took: the ledger `spent`, which no erased message makes smaller."""

from datetime import date
from typing import Any
from uuid import UUID

from olamchat.db.rows import Row, run

NO_KEY = UUID(int=0)

# What a person took in this month and on this day, and how much of it by one key. A part of other statements: FROM (SEEN) money.
SEEN = """
SELECT coalesce(sum(prompt_tokens + completion_tokens) FILTER (WHERE day = %(today)s), 0)::bigint AS spent_day,
    coalesce(sum(prompt_tokens + completion_tokens), 0)::bigint AS spent_month,
    coalesce(sum(answers), 0)::bigint AS answers_month,
    coalesce(sum(prompt_tokens + completion_tokens) FILTER (WHERE key_id = %(key_id)s AND day = %(today)s), 0)::bigint AS key_day,
    coalesce(sum(prompt_tokens + completion_tokens) FILTER (WHERE key_id = %(key_id)s), 0)::bigint AS key_month
FROM spent WHERE user_id = %(user_id)s AND day BETWEEN %(first)s AND %(today)s
"""

# Adds what a turn took, out of a row named `closed` that has the turn's columns. A part of the statements that close turns.
ADD = f"""
INSERT INTO spent (user_id, day, model, key_id, answers, prompt_tokens, completion_tokens)
SELECT user_id, (%(finished_at)s::timestamptz AT TIME ZONE 'UTC')::date, model, coalesce(key_id, '{NO_KEY}'), 1,
    %(prompt_tokens)s, %(completion_tokens)s FROM closed
ON CONFLICT (user_id, day, model, key_id) DO UPDATE SET answers = spent.answers + 1,
    prompt_tokens = spent.prompt_tokens + excluded.prompt_tokens, completion_tokens = spent.completion_tokens + excluded.completion_tokens
"""  # noqa: S608, a constant

_BY_DAY = """
SELECT to_char(s.day, 'YYYY-MM-DD') AS day, s.user_id, u.email, s.model, sum(s.answers)::bigint AS answers,
    sum(s.prompt_tokens)::bigint AS prompt_tokens, sum(s.completion_tokens)::bigint AS completion_tokens
FROM spent s JOIN users u ON u.id = s.user_id
WHERE s.day > (now() AT TIME ZONE 'UTC')::date - %(days)s::int
GROUP BY s.day, s.user_id, u.email, s.model ORDER BY s.day DESC, completion_tokens DESC, u.email, s.model
"""


def values(user_id: UUID, today: date, key_id: UUID | None) -> dict[str, Any]:
    """Return what SEEN asks for."""
    return {"user_id": user_id, "today": today, "first": today.replace(day=1), "key_id": key_id or NO_KEY}


def taken(spent: Row | None) -> dict[str, int]:
    """Return what ADD asks for besides the time; nothing counts as 0."""
    return {name: int((spent or {}).get(name) or 0) for name in ("prompt_tokens", "completion_tokens")}


def seen(asked: Row) -> Row:
    """Return spent_day, spent_month, answers_month, key_day, key_month for values()."""
    return run(SEEN, asked)[0]


def by_day(days: int) -> list[Row]:
    """Return what was taken by day, person and model, the newest first."""
    return run(_BY_DAY, {"days": days})
