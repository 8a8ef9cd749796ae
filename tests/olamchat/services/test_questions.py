"""Forms of strangers: what of them is shown, and what a person's answer has to be."""

import json
from typing import Any

import pytest

from olamchat.errors import Invalid
from olamchat.services.steps.questions import Unshowable, ask_of, assert_fits, assert_keepable


def form(required: Any = None, **properties: Any) -> dict[str, Any]:
    return {"message": "Well?", "requestedSchema": {"type": "object", "properties": properties, "required": required or []}}


@pytest.mark.parametrize(
    ("said", "kind", "fits", "not_fits"),
    [
        ({"type": "string", "maxLength": 3}, "text", "abc", "abcd"),
        ({"type": "string", "format": "email"}, "text", "a@b", "a b"),
        ({"type": "string", "format": "date"}, "text", "2026-01-02", "tomorrow"),
        ({"type": "string", "format": "uri"}, "text", "https://a.example", "a.example"),
        ({"type": "number", "minimum": 0}, "number", 0.5, -1),
        ({"type": "integer", "maximum": 3}, "integer", 3, 2.5),
        ({"type": "integer"}, "integer", 3, True),
        ({"type": "boolean"}, "yes_or_no", False, "no"),
        ({"type": "string", "enum": ["a", "b"], "enumNames": ["A", "B"]}, "choice", "a", "A"),
        ({"type": "string", "oneOf": [{"const": "a", "title": "A"}]}, "choice", "a", "c"),
        ({"type": "array", "maxItems": 1, "items": {"enum": ["a", "b"]}}, "several", ["a"], ["a", "b"]),
        ({"type": "array", "items": {"anyOf": [{"const": "a", "title": "A"}]}}, "several", ["a"], ["a", "a"]),
    ],
)
def test_a_field_takes_what_its_schema_says(said: dict[str, Any], kind: str, fits: Any, not_fits: Any) -> None:
    ask = ask_of(form(field=said))

    assert ask["fields"][0]["kind"] == kind
    assert assert_fits(ask, {"field": fits}) == {"field": fits}
    with pytest.raises(Invalid) as caught:
        assert_fits(ask, {"field": not_fits})
    assert caught.value.extra["errors"] == [{"field": "answer.field", "message": str(caught.value)}]


def test_what_is_not_asked_does_not_go_to_the_server() -> None:
    ask = ask_of(form(["a"], a={"type": "string"}, b={"type": "string"}))

    assert assert_fits(ask, {"a": "x", "b": "", "secret": "y"}) == {"a": "x"}
    with pytest.raises(Invalid):
        assert_fits(ask, {"b": "x"})


@pytest.mark.parametrize(
    "params",
    [
        {"message": "x"},
        form(["a"], a={"type": "object"}),
        form(["a"]),
        form(**{f"f{number}": {"type": "string"} for number in range(21)}),
        form(a={"type": "string", "enum": [str(number) for number in range(51)]}),
        form(**{f"f{number}": {"type": "string", "description": "ä" * 500} for number in range(20)}),
        {"mode": "url", "message": "x", "url": "javascript:alert(1)"},
        {"mode": "url", "message": "x", "url": "https://user@a.example"},
        {"mode": "url", "message": "x", "url": "https://["},
        {"mode": "url", "message": "x", "url": "https://a.example/\x00"},
        form(["a\x00"], **{"a\x00": {"type": "string"}}),
    ],
)
def test_what_no_form_can_show_is_not_shown(params: dict[str, Any]) -> None:
    with pytest.raises(Unshowable):
        ask_of(params)


def test_a_default_that_does_not_fit_is_left_out() -> None:
    ask = ask_of(form(a={"type": "integer", "default": "many"}, b={"type": "integer", "default": 2}, c={"type": "object"}))

    assert [(field["name"], field["preset"]) for field in ask["fields"]] == [("a", None), ("b", 2)]


HUGE = 10**400


@pytest.mark.parametrize(
    ("said", "kind", "not_fits"),
    [
        ({"type": "integer", "minimum": HUGE, "default": HUGE}, "integer", HUGE),
        ({"type": "string", "minLength": HUGE, "default": "\ud800"}, "text", "\ud800"),
        ({"type": "string", "format": ["email"], "default": "a\x00"}, "text", "a\x00"),
        ({"type": "string", "format": "uri", "default": "http://["}, "text", "http://["),
        ({"type": "string", "enum": ["a", "b\x00"], "default": ["a"]}, "choice", ["a"]),
        ({"type": "string", "enum": ["a"], "default": {}}, "choice", "a\x00"),
        ({"type": "array", "items": {"enum": ["a"]}, "default": [["a"]]}, "several", [["a"]]),
    ],
)
def test_what_no_field_can_hold_is_left_out_and_refused(said: dict[str, Any], kind: str, not_fits: Any) -> None:
    ask = ask_of(form(field=said))

    (field,) = ask["fields"]
    assert (field["kind"], field["format"], field["preset"], field["least"]) == (
        kind,
        "uri" if said.get("format") == "uri" else None,
        None,
        None,
    )
    assert "\\u0000" not in json.dumps(ask), "Postgres keeps no NUL"
    with pytest.raises(Invalid):
        assert_fits(ask, {"field": not_fits})


@pytest.mark.parametrize(
    ("keys", "state"), [(["a\x00"], None), (["a"], "\x00"), (["a"], "x" * (1 << 20)), ([str(number) for number in range(11)], "")]
)
def test_what_a_server_knows_its_questions_by_has_to_be_kept(keys: list[str], state: str | None) -> None:
    assert_keepable(["a", "b"], "its own state")

    with pytest.raises(Unshowable):
        assert_keepable(keys, state)
