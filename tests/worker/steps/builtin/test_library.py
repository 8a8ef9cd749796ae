"""A model that calls tools looks in the documents by itself; what it cites is told as where the passages stood before the question."""

import json
from typing import Any
from uuid import UUID

import pytest

from olamchat.services import answers
from tests.worker.conftest import Asked, until
from tests.worker.index.conftest import EMBEDS, Library
from tests.worker.steps.conftest import Acts

GUIDE = "# Water\n\nOolong wants water of ninety-six degrees."


def looking(*queries: str) -> str:
    return json.dumps([{"name": "search_knowledge", "arguments": {"query": query}} for query in queries])


@pytest.fixture
def library(acts: Acts) -> Library:
    """A house whose documents are read and whose step worker looks in them."""
    acts.start_steps(OLLAMA_URL=acts.house.engine.url, **EMBEDS)
    acts.house.start(**EMBEDS)
    library = Library(acts.house)
    library.start()
    until(lambda: acts.house.offer("counter"), "the model")
    until(lambda: acts.house.run("SELECT 1 FROM tools WHERE name = 'search_knowledge'"), "the tool")
    return library


def with_a_guide(library: Library, user: UUID) -> UUID:
    tea = library.collection(user)
    library.until_ended(library.bring(user, tea, "guide.md", GUIDE), library.bring(user, tea, "cars.md", "# Cars\n\nMy car is red."))
    return tea


def asked_of(library: Library, user: UUID, *collections: UUID) -> Asked:
    asked = library.house.ask("How hot for oolong?", user=user, options={"collections": [str(each) for each in collections]})
    asked.until_told()
    return asked


def offered(library: Library) -> list[str]:
    request: dict[str, Any] = library.house.requests()[-1]
    return [tool["function"]["name"] for tool in request["options"].get("tools", ())]


def test_a_model_searches_documents_and_its_citations_are_like_others(acts: Acts, library: Library) -> None:
    ann = acts.house.user()
    tea = with_a_guide(library, ann)
    acts.house.script(text="At 96 degrees [1].", tools=True)
    acts.house.script(text="Let me see.", calls=looking("oolong water", "automobile"), tools=True, times=1)

    asked = asked_of(library, ann, tea)

    first, last = acts.house.requests()[-2:]
    assert "Look in them with search_knowledge" in first["messages"][-1]["content"]
    assert "ninety-six" not in first["messages"][-1]["content"]
    brought = [message["content"] for message in last["messages"] if message["role"] == "tool"]
    assert "[1] guide.md, page 1, Water\nWater\nOolong wants water of ninety-six degrees." in brought[0]
    assert "[2] cars.md, page 1, Cars\nCars\nMy car is red." in brought[1].split("[1]")[0], "found by its meaning, and numbered once"
    [end] = asked.ends
    cited = end.message["citations"]
    assert [(told["number"], told["path"], told["heading"]) for told in cited][:1] == [(1, "guide.md", "Water")]
    assert len({told["number"] for told in cited}) == len({(told["path"], told["chunk"]) for told in cited}) == len(cited)
    assert end.message["timings"]["looked_in"] == ["Tea"]
    whole = answers.citation(user_id=ann, conversation_id=asked.conversation, message_id=asked.id, number=1)
    assert whole["text"].endswith("Oolong wants water of ninety-six degrees.")
    acts.house.run("DELETE FROM documents")
    assert answers.citation(user_id=ann, conversation_id=asked.conversation, message_id=asked.id, number=1) == whole


def test_who_may_not_read_the_documents_is_brought_nothing(acts: Acts, library: Library) -> None:
    ann, bob = acts.house.user(), acts.house.user()
    tea = with_a_guide(library, ann)
    acts.house.script(text="I can't tell [1].", tools=True)
    acts.house.script(text="Let me see.", calls=looking("oolong water"), tools=True, times=1)

    asked = asked_of(library, bob, tea)

    assert acts.steps(asked)[0]["result"]["content"][0]["text"].startswith("Nothing in the documents was found.")
    assert asked.ends[0].message["citations"] == []


def test_who_chose_no_documents_is_offered_no_search_and_who_has_no_tools_is_given_passages(acts: Acts, library: Library) -> None:
    ann = acts.house.user()
    tea = with_a_guide(library, ann)
    acts.house.script(text="So.", tools=True)
    asked_of(library, ann)
    assert "search_knowledge" not in offered(library)
    asked_of(library, ann, tea)
    assert "search_knowledge" in offered(library)

    acts.house.script("plain", text="At 96 degrees [1].")
    until(lambda: acts.house.offer("plain"), "the other model")
    asked = acts.house.ask("How hot for oolong?", user=ann, model="plain", options={"collections": [str(tea)]})
    asked.until_told()

    assert offered(library) == []
    assert "ninety-six" in acts.house.requests()[-1]["messages"][-1]["content"]
    assert asked.ends[0].message["citations"][0]["path"] == "guide.md"
