"""Searches and places in lists that want to be more than words and places: they are words, or they are refused."""

import base64
import json
import string
from itertools import product

import pytest

from tests.functions.conftest import Person, finish

# The letters of Postgres's own languages: patterns, regular expressions, queries of texts; and of writing without spaces, which is searched otherwise.
SIGNS = [
    *string.punctuation,
    "\\Q",
    "***:",
    "***=a",
    "(?i)",
    "[[:alpha:]]",
    "<->",
    ":*",
    "!",
    "a & !b",
    "' OR 1=1 --",
    "$$",
    "\t",
    "\u3042",
    "\u0e01",
    "\u2028",
]
WORDS = [*SIGNS, *(f"{first}\u732b{second}" for first, second in product(["", "\\", "(", "***:"], [*string.punctuation]))]


def test_whatever_is_searched_for_is_found_as_it_stands_or_not_at_all(ann: Person, offers: None) -> None:
    conversation = ann.conversation(title="signs")
    finish(ann.ask(conversation, f"cats: {' '.join(WORDS)}")["answer"]["id"], "none")
    wrong = []

    for words in WORDS:
        answer = ann.get("/api/conversations", query_string={"q": words})
        items = answer.get_json().get("items", [])
        if answer.status_code != 200 or any(item["title"] != "signs" for item in items):
            wrong.append((words, answer.status_code, answer.text[:200]))

    assert wrong == []


@pytest.mark.parametrize("words", ["'x':* | 'secret'", "x') OR true --", "%", "_", "\\", "secret\\", "a' | 'secret", "!nothing"])
def test_no_search_finds_what_is_anothers_or_has_not_the_words(ann: Person, bob: Person, offers: None, words: str) -> None:
    finish(ann.ask(ann.conversation(title="the secret"), "the secret question")["answer"]["id"])
    finish(bob.ask(bob.conversation(title="mine"), "a plain question")["answer"]["id"])

    assert bob.get("/api/conversations", query_string={"q": words}).get_json()["items"] == []
    assert ann.get("/api/admin/users", query_string={"q": words}).get_json()["items"] == []
    assert ann.get("/api/admin/audit", query_string={"q": words}).get_json()["items"] == []


@pytest.mark.parametrize(
    "place",
    [
        ["2026-01-01T00:00:00+00:00", "x"], ["2026-01-01T00:00:00", "01900000-0000-7000-8000-000000000000"], ["' OR 1=1 --", "01900000-0000-7000-8000-000000000000"],
        ["0001-01-01T00:00:00+14:00", "01900000-0000-7000-8000-000000000000"], ["9999-12-31T23:59:59-14:00", "01900000-0000-7000-8000-000000000000"],
        {"a": 1, "b": 2}, [1, 2], [[], {}], None, [["2026-01-01T00:00:00+00:00"], ["x"]], ["2026-01-01T00:00:00+00:00"],
    ],
)  # fmt: skip
def test_a_place_that_was_made_up_is_one_of_ours_or_refused(ann: Person, bob: Person, place: object) -> None:
    ann.conversation(title="the secret")
    cursor = base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")

    for person, path in ((bob, "/api/conversations"), (ann, "/api/admin/users"), (ann, "/api/admin/audit")):
        answer = person.get(path, query_string={"cursor": cursor})
        assert answer.status_code in {200, 422}, answer.text
        assert "the secret" not in answer.text
