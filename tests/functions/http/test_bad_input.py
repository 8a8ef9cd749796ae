"""What is not as it should be gets a 4xx problem with a code and a sentence, and leaves nothing behind.

Each test goes through a list of cases on one app: a hundred databases for a hundred bodies would only be slower.
"""

from collections.abc import Iterable
from typing import Any

from functions.http.messages import BODY_BYTES
from olamchat.db.pool import database
from tests.functions.conftest import PASSWORD, Person

LONG_AGO = "01900000-0000-7000-8000-000000000000"
INVALID, MALFORMED, TOO_LARGE = (422, "invalid"), (400, "malformed"), (413, "too_large")
Refusal = tuple[int, str]


def refused(response: Any) -> Refusal:
    body = response.get_json(force=True)
    assert response.mimetype == "application/problem+json", response.text
    assert body["status"] == response.status_code
    assert body["title"].endswith("."), body
    assert body["detail"], body
    assert "Traceback" not in response.text
    return response.status_code, body["code"]


def short(case: Any) -> str:
    return repr(case)[:60]


def rows() -> int:
    count: int = database.execute_sql("SELECT (SELECT count(*) FROM messages) + (SELECT count(*) FROM turns)").fetchone()[0]
    database.close()
    return count


def assert_refused(results: Iterable[tuple[Any, Any, Refusal]]) -> None:
    """Each (case, response, refusal) is refused as it says."""
    wrong = [(short(case), refused(response), refusal) for case, response, refusal in results if refused(response) != refusal]
    assert wrong == []


CONTENTS: list[tuple[Any, Refusal]] = [
    ("", INVALID),
    (" \n\t ", INVALID),
    ("x" * 100_001, INVALID),
    ("x" * 1_000_000, INVALID),
    ("x" * (BODY_BYTES + 1), (413, "too_large")),
    ("a\x00b", MALFORMED),
    (None, INVALID),
    (7, INVALID),
    (True, INVALID),
    (["text"], INVALID),
    ({"text": "hi"}, INVALID),
]


def test_a_message_that_is_none_is_refused(ann: Person, offers: None) -> None:
    messages = f"{ann.conversation()}/messages"

    assert_refused((content, ann.post(messages, {"content": content}), refusal) for content, refusal in CONTENTS)

    assert rows() == 0


def test_a_message_at_its_bounds_is_taken_as_it_is(ann: Person, offers: None) -> None:
    contents = ("x", "x" * 100_000, "\U0001f600" * 80_000, "\u0001\uffff", "'; DROP TABLE users; --")

    kept = [ann.ask(ann.conversation(), content)["user_message"]["content"] for content in contents]

    assert kept == list(contents)


BODIES: list[tuple[bytes, Refusal]] = [
    (b"{", MALFORMED),
    (b"", INVALID),
    (b"[]", INVALID),
    (b'"text"', INVALID),
    (b"null", INVALID),
    (b'{"content": "\xff"}', MALFORMED),
    (b'{"content": "\xed\xa0\x80"}', MALFORMED),
    (b'{"content": "\\ud800"}', MALFORMED),
    (b'{"content": "\\udc00\\ud800"}', MALFORMED),
    (b'{"content": "hi", "\\u0000": 1}', MALFORMED),
    (b'{"content": "hi", "\\ud800": 1}', MALFORMED),
    (b'{"content": "hi", "options": {"temperature": NaN}}', MALFORMED),
    (b'{"content": "hi", "options": {"temperature": -Infinity}}', MALFORMED),
    (b'{"content": "hi", "options": {"temperature": 1e999}}', MALFORMED),
    (b'{"content": "hi", "options": {"seed": 99999999999999999999}}', MALFORMED),
    (b'{"content": "hi", "options": {"seed": ' + b"9" * 5000 + b"}}", MALFORMED),
    (b'{"content": "hi", "options": ' + b"[" * 40 + b"]" * 40 + b"}", MALFORMED),
    (b'{"content": "hi", "options": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", MALFORMED),
    (b'{"content": "hi", "options": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", TOO_LARGE),
    (b'{"content": "hi", "what": 1}', INVALID),
    ('{"content": "hi"}'.encode("utf-16"), MALFORMED),
]


def test_a_body_that_is_broken_is_refused(ann: Person, offers: None) -> None:
    messages = f"{ann.conversation()}/messages"

    sent = ((body, ann.call("POST", messages, data=body, content_type="application/json"), refusal) for body, refusal in BODIES)

    assert_refused(sent)
    assert rows() == 0


def test_a_pair_of_surrogates_is_a_character(ann: Person, offers: None) -> None:
    response = ann.call("POST", f"{ann.conversation()}/messages", data=b'{"content": "\\ud83d\\ude00"}', content_type="application/json")

    assert response.get_json()["user_message"]["content"] == "\U0001f600"


def test_a_body_that_is_no_json_is_refused(ann: Person, offers: None) -> None:
    messages = f"{ann.conversation()}/messages"
    kinds = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", None)

    sent = (
        (kind, ann.call("POST", messages, data=b'{"content": "hi"}', content_type=kind), (415, "unsupported_media_type")) for kind in kinds
    )

    assert_refused(sent)


FIELDS: list[dict[str, Any]] = [
    {"parent_id": "not an id"}, {"parent_id": LONG_AGO}, {"parent_id": 7}, {"model": ""}, {"model": 7}, {"model": "x" * 301}, {"options": []},
    {"options": {"temperature": "0.5"}}, {"options": {"temperature": 2.1}}, {"options": {"temperature": True}}, {"options": {"top_p": -0.1}},
    {"options": {"max_tokens": 0}}, {"options": {"max_tokens": 1.5}}, {"options": {"seed": 2**63}}, {"options": {"stop": "END"}},
    {"options": {"stop": ["x"] * 9}}, {"options": {"stop": [""]}}, {"options": {"system_prompt": "be kind"}},
]  # fmt: skip


def test_a_wrong_field_is_named(ann: Person, offers: None) -> None:
    messages = f"{ann.conversation()}/messages"

    for fields in FIELDS:
        response = ann.post(messages, {"content": "hi", **fields})

        assert refused(response) == INVALID, fields
        assert response.get_json()["errors"][0]["field"].split(".")[0] == next(iter(fields))
    assert rows() == 0


def test_a_model_that_nobody_offers_is_refused(ann: Person, offers: None) -> None:
    response = ann.post(f"{ann.conversation()}/messages", {"content": "hi", "model": "gpt-99"})

    assert refused(response) == (422, "unknown_model")
    assert "gpt-99" in response.get_json()["detail"]


def test_an_idempotency_key_is_visible_ascii(ann: Person, offers: None) -> None:
    messages = f"{ann.conversation()}/messages"
    keys = ("", "x" * 201, "naïve", "tab\there")

    assert_refused((key, ann.post(messages, {"content": "hi"}, headers={"Idempotency-Key": key}), INVALID) for key in keys)


PATCHES: list[dict[str, Any]] = [
    {"title": ""}, {"title": " "}, {"title": "x" * 201}, {"title": 7}, {"pinned": 1}, {"pinned": "yes"}, {"archived": None},
    {"settings": None}, {"settings": {"system_prompt": "x" * 20_001}}, {"settings": {"colour": "red"}}, {"active_leaf_id": None},
    {"active_leaf_id": LONG_AGO}, {"active_leaf_id": "x"}, {"id": LONG_AGO}, {"user_id": LONG_AGO},
]  # fmt: skip


def test_a_wrong_change_of_a_conversation_is_refused(ann: Person) -> None:
    conversation = ann.conversation(title="Before")

    assert_refused((patch, ann.patch(conversation, patch), INVALID) for patch in PATCHES)

    assert ann.get(conversation).get_json()["title"] == "Before"


def test_a_wrong_query_is_refused(ann: Person) -> None:
    queries = (
        "limit=0",
        "limit=101",
        "limit=x",
        "limit=1.5",
        "archived=perhaps",
        "cursor=x",
        "cursor=bnVsbA",
        "cursor=%F0",
        "q=" + "x" * 201,
    )

    assert_refused((query, ann.get(f"/api/conversations?{query}"), INVALID) for query in queries)
    assert refused(ann.get("/api/conversations?q=%00")) == MALFORMED


SIGN_UPS: list[dict[str, Any]] = [
    {"email": "a@b.org"}, {"password": PASSWORD}, {"email": "a@b.org", "password": "seven77"}, {"email": "a@b.org", "password": "x" * 1_001},
    {"email": "a@b.org", "password": "x" * 10_000}, {"email": "a@b.org", "password": 12345678}, {"email": "x" * 255, "password": PASSWORD},
    {"email": ["a@b.org"], "password": PASSWORD}, {"email": "a@b.org", "password": PASSWORD, "role": "admin"},
    {"email": "a@b.org", "password": PASSWORD, "name": "x" * 201}, {"email": "a@b.org", "password": PASSWORD, "tokens": "yes"},
    *({"email": email, "password": PASSWORD} for email in ("", "ann", "@b.org", "a@", "a b@c.org", "a@b..org", "<a@b.org>", "a@-b.org")),
]  # fmt: skip


def test_a_wrong_sign_up_is_refused(ann: Person) -> None:
    for body in SIGN_UPS:
        response = ann.post("/api/auth/signup", body)

        assert refused(response) == INVALID, short(body)
        assert "x" * 30 not in response.text, "what was typed must not come back"
    assert ann.post("/api/auth/login", {"email": "a@b.org", "password": PASSWORD}).status_code == 401


def test_a_wrong_login_is_refused(ann: Person) -> None:
    half = ann.call("POST", "/api/auth/login", data=b'{"email": "a\\ud800@b.org", "password": "12345678"}', content_type="application/json")

    assert refused(half) == MALFORMED
    assert refused(ann.post("/api/auth/login", {"email": ann.email, "password": "x" * 10_000})) == INVALID


def test_wrong_settings_of_a_person_are_refused(ann: Person) -> None:
    wishes: list[Any] = [{"x": "y" * 70_000}, {"temperature": 9}, {"model": ""}, [], "dark"]

    assert_refused((settings, ann.patch("/api/auth/me", {"settings": settings}), INVALID) for settings in wishes)


def test_what_is_not_there_is_not_found(ann: Person) -> None:
    paths = ("/api/nothing", "/api/conversations/", "/api/conversations/x", f"/api/conversations/{LONG_AGO}", "/api/%00", "/nothing")

    assert_refused((path, ann.get(path), (404, "not_found")) for path in paths)


def test_a_wrong_method_says_which_are_right(ann: Person) -> None:
    response = ann.call("PUT", "/api/conversations")

    assert refused(response) == (405, "method_not_allowed")
    assert {"GET", "POST"} <= set(response.headers["Allow"].split(", "))
