"""Log lines: for people, or as JSON for machines. Each bears the ids of what it is about, so that a request can be followed into its answer."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

import msgspec

from olamchat.environment import BadSetting

TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s"
OURS = ("functions", "olamchat", "worker", "local", "migrations")
_NOTHING: dict[str, str] = {}
_about: ContextVar[dict[str, str]] = ContextVar("about", default=_NOTHING)


def set_up(level: str, kind: str) -> None:
    """Send this process's lines to stderr; `kind` is text or json."""
    handler = logging.StreamHandler()
    handler.setFormatter(Json() if kind == "json" else logging.Formatter(TEXT))
    logging.basicConfig(handlers=[handler])
    listen(level)


def listen(level: str) -> None:
    """Let our own lines through from this level on, and those of libraries from `info` on at the earliest.

    At `debug` they tell every statement with its values and every header: texts, digests, tokens. Raises BadSetting.
    """
    wanted = logging.getLevelNamesMapping().get(level.upper())
    if wanted is None:
        raise BadSetting(f"OLAMCHAT_LOG_LEVEL={level!r} must be debug, info, warning or error")
    logging.getLogger().setLevel(max(wanted, logging.INFO))
    for name in OURS:
        logging.getLogger(name).setLevel(wanted)


def are_json(logger: logging.Logger) -> bool:
    """Tell whether this logger's lines go to stderr as JSON and nowhere else, so that who makes many may write them there by lines.Lines."""
    handlers = logger.handlers or (logging.getLogger().handlers if logger.propagate else [])
    return len(handlers) == 1 and isinstance(handlers[0].formatter, Json)


def ids() -> dict[str, str]:
    """Return what lines are about just now."""
    return _about.get()


def begin(**ids: str) -> None:
    """Say what all lines of this thread or greenlet are about from now on: request, conversation, answer."""
    _about.set(ids)


@contextmanager
def about(**ids: str) -> Iterator[None]:
    """Say what the lines within are about."""
    token = _about.set({**_about.get(), **ids})
    try:
        yield
    finally:
        _about.reset(token)


class Json(logging.Formatter):
    """One object a line: time, level, logger, message, the ids, what the line was given as `extra={"fields": …}`, and a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_about.get(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line, enc_hook=str).decode("utf-8", "replace")
