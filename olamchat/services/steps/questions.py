"""What a server asks a person in the middle of a call (MCP's elicitation): as a form of a few plain fields, and whether an answer fits it.

A schema is a stranger's. What is kept of it is bounded, and its patterns are left to the server.
"""

import json
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeGuard
from urllib.parse import urlsplit

from olamchat.errors import Invalid
from olamchat.tokenlog.events import encoded_length

# Bytes that a form may take in an event.
ASK_BYTES = 8_000
MOST_FIELDS, MOST_OPTIONS, TEXT_LENGTH = 20, 50, 4_000
# How often a server may ask within one call, how much at once, and how long what it remembers that by may be.
MOST_ROUNDS, MOST_FORMS, STATE_LENGTH = 10, 10, 256 << 10
_FORMATS = {"email", "uri", "date", "date-time"}
_KINDS = {"string": "text", "number": "number", "integer": "integer", "boolean": "yes_or_no"}


class Unshowable(ValueError):
    """A question that no form here can show."""


def assert_keepable(keys: Collection[str], state: str | None) -> None:
    """Raises Unshowable where what a server knows its questions by is more than is kept, or has characters that Postgres doesn't keep."""
    if len(keys) > MOST_FORMS:
        raise Unshowable(f"The server asks more than {MOST_FORMS} things at once.")
    if any(key != _text(key, 200) for key in keys) or (state is not None and state != _text(state, STATE_LENGTH)):
        raise Unshowable("The server's names for its questions, or its state, can't be kept.")


def ask_of(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return {message, url, fields} of what a server asks, as MCP has it on the wire. Raises Unshowable."""
    message = _text(params.get("message"), 2_000)
    if params.get("mode", "form") == "url":
        return {"message": message, "url": _address(params.get("url")), "fields": []}
    schema = params.get("requestedSchema")
    properties = schema.get("properties") if isinstance(schema, Mapping) else None
    if not isinstance(schema, Mapping) or not isinstance(properties, Mapping):
        raise Unshowable("The server asks for something that is not a form.")
    required = schema.get("required")
    wanted = {name for name in required if isinstance(name, str)} if isinstance(required, list) else set()
    ask = {"message": message, "url": None, "fields": list(_fields(properties, wanted))}
    if encoded_length(json.dumps(ask, ensure_ascii=False)) > ASK_BYTES:
        raise Unshowable("The server's form is too long.")
    return ask


def assert_fits(ask: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a person's answer goes to the server. Raises Invalid, which names the fields that don't fit."""
    errors = []
    for field in ask["fields"]:
        given = answer.get(field["name"])
        said = _complaint(field, given) if given not in (None, "", []) else "This field is required." if field["required"] else ""
        if said:
            errors.append({"field": f"answer.{field['name']}", "message": said})
    if errors:
        raise Invalid(errors[0]["message"], errors=errors)
    known = {field["name"]: answer.get(field["name"]) for field in ask["fields"]}
    return {name: value for name, value in known.items() if value not in (None, "", [])}


def _fields(properties: Mapping[str, Any], wanted: set[str]) -> Iterator[dict[str, Any]]:
    if len(properties) > MOST_FIELDS or wanted - set(properties):
        raise Unshowable(f"The server's form has more than {MOST_FIELDS} fields, or requires one that it doesn't have.")
    for name, said in properties.items():
        field = _field(name, said) if isinstance(said, Mapping) and 0 < len(name) <= 100 and name == _text(name, 100) else None
        if field is not None:
            yield {**field, "required": name in wanted}
        elif name in wanted:
            raise Unshowable(f"The server requires {name[:100]!r}, which no form can show.")


def _field(name: str, said: Mapping[str, Any]) -> dict[str, Any] | None:
    options, several = _options(said)
    kind = ("several" if several else "choice") if options else _KINDS.get(str(said.get("type")))
    if kind is None:
        return None
    field = {
        "name": name, "kind": kind, "title": _text(said.get("title"), 200) or name, "hint": _text(said.get("description"), 500),
        "options": options, "format": _format(said) if kind == "text" else None,
        "least": _number(said, "minimum", "minLength", "minItems"), "most": _number(said, "maximum", "maxLength", "maxItems"),
    }  # fmt: skip
    default = said.get("default")
    return {**field, "preset": default if default is not None and not _complaint(field, default) else None}


def _format(said: Mapping[str, Any]) -> str | None:
    known = said.get("format")
    return known if isinstance(known, str) and known in _FORMATS else None


def _options(said: Mapping[str, Any]) -> tuple[list[dict[str, str]], bool]:
    """Return the choices of a field with their titles, and whether several may be chosen."""
    several = said.get("type") == "array"
    source = said.get("items") if several else said
    if not isinstance(source, Mapping):
        return [], several
    titled = source.get("anyOf") if several else source.get("oneOf")
    if isinstance(titled, list):
        pairs = [(one.get("const"), one.get("title")) for one in titled if isinstance(one, Mapping)]
    else:
        plain = source.get("enum")
        names = said.get("enumNames")
        values = plain if isinstance(plain, list) else []
        pairs = list(zip(values, names if isinstance(names, list) and len(names) == len(values) else values, strict=True))
    known = [
        {"value": value, "title": _text(title, 200) or value} for value, title in pairs if value and value == _text(value, TEXT_LENGTH)
    ]
    if len(known) > MOST_OPTIONS:
        raise Unshowable(f"A field of the server's form has more than {MOST_OPTIONS} choices.")
    return known, several


def _complaint(field: Mapping[str, Any], value: Any) -> str:
    """Say what is wrong with the value of a field, nothing where it fits."""
    match field["kind"]:
        case "yes_or_no":
            return "" if isinstance(value, bool) else "Choose yes or no."
        case "choice":
            return "" if value in [option["value"] for option in field["options"]] else "Choose one of the options."
        case "several":
            return _of_several(field, value)
        case "text":
            return _of_text(field, value)
    return _of_number(field, value)


def _of_several(field: Mapping[str, Any], value: Any) -> str:
    known = {option["value"] for option in field["options"]}
    if not isinstance(value, list) or not all(isinstance(one, str) and one in known for one in value) or len(set(value)) < len(value):
        return "Choose from the options."
    return _between(field, len(value), "Choose {bounds}.")


def _of_text(field: Mapping[str, Any], value: Any) -> str:
    if not isinstance(value, str) or value != _text(value, TEXT_LENGTH):
        return f"Write at most {TEXT_LENGTH:,} characters."
    if field["format"] == "email" and not re.fullmatch(r"[^\s@]+@[^\s@]+", value):
        return "This is not an email address."
    if field["format"] == "uri" and not _scheme(value):
        return "This is not an address with a scheme, such as https://."
    if field["format"] == "date" and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return "Write a date as YYYY-MM-DD."
    return _between(field, len(value), "Write {bounds} characters.")


def _of_number(field: Mapping[str, Any], value: Any) -> str:
    if not _is_number(value):
        return "Write a number."
    if field["kind"] == "integer" and not float(value).is_integer():
        return "Write a whole number."
    return _between(field, value, "Write a number of {bounds}.")


def _between(field: Mapping[str, Any], value: float, said: str) -> str:
    least, most = field["least"], field["most"]
    if (least is None or value >= least) and (most is None or value <= most):
        return ""
    bounds = f"at least {least:g}" if most is None else f"at most {most:g}" if least is None else f"{least:g} to {most:g}"
    return said.format(bounds=bounds)


def _number(said: Mapping[str, Any], *names: str) -> float | None:
    found = next((said[name] for name in names if name in said), None)
    return found if _is_number(found) else None


def _is_number(value: Any) -> TypeGuard[int | float]:
    # JSON has integers of any length, and such a one is no float.
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max


def _scheme(url: str) -> str:
    try:
        return urlsplit(url).scheme
    except ValueError:
        return ""


def _address(url: Any) -> str:
    parts = urlsplit(url) if isinstance(url, str) and url == _text(url, 2_000) and _scheme(url) in {"http", "https"} else None
    if parts is None or not parts.hostname or parts.username:
        raise Unshowable("The server wants a page opened whose address can't be shown.")
    return str(url)


def _text(value: Any, most: int) -> str:
    return value.replace("\x00", "").encode("utf-8", "replace").decode()[:most] if isinstance(value, str) else ""
