"""Quotas in answers: tokens taken and allowed in a day and in a month."""

from pydantic import AwareDatetime

from functions._answers import Answer


class Window(Answer):
    """What was taken and what may be; `allowed` is null where there is no limit."""

    used: int
    allowed: int | None
    resets_at: AwareDatetime


class Quota(Answer):
    day: Window
    month: Window
