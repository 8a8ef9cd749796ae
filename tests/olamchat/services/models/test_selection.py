"""Which model answers: what was asked for, else by habit, else the first real one; and what is known when little is."""

from uuid import uuid4

import pytest

from olamchat import jobs, redis, roster
from olamchat.errors import Unavailable, UnknownModel
from olamchat.roster import Offer
from olamchat.services.models import listing, selection
from olamchat.services.models.selection import ChosenModel, Habits

LLAMA = Offer(model="llama", pool="ollama", engine="ollama", context_length=8192, state="cold", capabilities=("vision",))
QWEN = Offer(model="qwen", pool="vllm", engine="openai")
DEMO = Offer(model="demo", pool="demo", engine="demo")


def say(*offers: Offer) -> None:
    roster.announce("w", offers, capacity=1, running=0)


@pytest.fixture
def lost(stores: pytest.MonkeyPatch) -> None:
    """Redis can't be reached, and what was offered last is remembered."""
    say(LLAMA)
    roster.offers()
    stores.setattr(roster, "offers", _raise)


def _raise() -> list[Offer]:
    raise redis.Lost("away")


def test_what_was_asked_for_is_taken(stores: pytest.MonkeyPatch) -> None:
    say(LLAMA, QWEN)
    assert selection.choose("llama", Habits(conversation="qwen", person="qwen")) == ChosenModel(model="llama", pool="ollama")


def test_then_the_conversations_then_the_persons_then_the_first_that_is_real(stores: pytest.MonkeyPatch) -> None:
    say(DEMO, LLAMA, QWEN)

    assert selection.choose(None, Habits(conversation="llama", person="qwen")).model == "llama"
    assert selection.choose(None, Habits(person="llama")).model == "llama"
    assert selection.choose(None, Habits(person="gone")).model == "qwen", "loaded before cold"
    assert selection.choose(None, Habits()).model == "qwen"


def test_the_demo_answers_where_nothing_else_does(stores: pytest.MonkeyPatch) -> None:
    say(DEMO)
    assert selection.choose(None, Habits()) == ChosenModel(model="demo", pool="demo")


@pytest.mark.parametrize(("given", "habits"), [("gone", Habits()), (None, Habits(conversation="gone"))])
def test_a_model_that_is_gone_is_named(stores: pytest.MonkeyPatch, given: str | None, habits: Habits) -> None:
    say(LLAMA)
    with pytest.raises(UnknownModel, match="gone"):
        selection.choose(given, habits)


def test_the_pool_that_answers_soonest_is_taken(stores: pytest.MonkeyPatch) -> None:
    say(
        LLAMA,
        Offer(model="llama", pool="zoo", engine="ollama", state="loaded"),
        Offer(model="llama", pool="a", engine="ollama", state="down"),
    )
    assert selection.choose("llama", Habits()).pool == "zoo"


def test_with_nobody_there_the_pool_that_answered_before_is_taken(stores: pytest.MonkeyPatch) -> None:
    habits = Habits(conversation="llama", last_pool="ollama")

    assert selection.choose(None, habits) == ChosenModel(model="llama", pool="ollama")
    with pytest.raises(Unavailable):
        selection.choose("llama", Habits())


def test_without_redis_what_was_known_last_holds(lost: None) -> None:
    assert selection.choose(None, Habits()).model == "llama"
    assert [model["name"] for model in listing.offered(user_id=uuid4())["items"]] == ["llama"]


def test_of_two_pools_with_a_model_the_less_loaded_for_its_size_is_taken(stores: pytest.MonkeyPatch) -> None:
    say(Offer(model="m", pool="big", engine="openai", capacity=4), Offer(model="m", pool="small", engine="ollama", capacity=1))
    for turn in range(4):
        jobs.enter("big", f"turn {turn}")
    taken = [selection.choose("m", Habits(), selection.known()).pool for _ in range(5)]
    assert taken == ["small", "big", "small", "big", "big"]


def test_a_cold_pool_helps_out_where_the_warm_one_is_full(stores: pytest.MonkeyPatch) -> None:
    say(*(Offer(model="m", pool=pool, engine="ollama", state=pool, capacity=2) for pool in ("loaded", "cold", "down")))
    assert [selection.choose("m", Habits(), selection.known()).pool for _ in range(4)] == ["loaded", "loaded", "cold", "loaded"]


def test_a_model_of_two_pools_is_listed_once(stores: pytest.MonkeyPatch) -> None:
    say(LLAMA, Offer(model="llama", pool="zoo", engine="ollama", display_name="Llama"))
    assert [(model["pool"], model["display_name"]) for model in listing.offered(user_id=uuid4())["items"]] == [("zoo", "Llama")]


def test_without_redis_and_knowledge_nothing_is_said(stores: pytest.MonkeyPatch) -> None:
    stores.setattr(roster, "offers", _raise)
    with pytest.raises(Unavailable):
        listing.offered(user_id=uuid4())


def test_the_list_has_the_demo_last_and_a_hint_where_there_is_nothing_else(stores: pytest.MonkeyPatch) -> None:
    say(DEMO, LLAMA, QWEN)
    assert [model["name"] for model in listing.offered(user_id=uuid4())["items"]] == ["qwen", "llama", "demo"]
    assert listing.offered(user_id=uuid4())["hint"] is None
    assert listing.offered(user_id=uuid4())["items"][1] == {
        "name": "llama", "display_name": "llama", "pool": "ollama", "engine": "ollama", "context_length": 8192, "state": "cold",
        "capabilities": ("vision",), "efforts": (), "calls_tools": True, "assistant": None,
    }  # fmt: skip

    say(DEMO)
    assert listing.offered(user_id=uuid4())["hint"]["code"] == "no_engine"


def test_an_empty_list_says_that_nobody_is_there(stores: pytest.MonkeyPatch) -> None:
    assert listing.offered(user_id=uuid4())["items"] == []
    assert "No worker" in listing.offered(user_id=uuid4())["hint"]["text"]
