"""From nothing to an answer that waits: what the first minutes of a person look like."""

from olamchat import jobs
from olamchat.db.pool import database
from olamchat.tokenlog import conv_topic, token_log, user_topic
from olamchat.tokenlog.events import parse
from tests.functions.conftest import Person


def test_a_question_is_taken_and_its_answer_waits(ann: Person, offers: None) -> None:
    conversation = ann.conversation()

    sent = ann.post(f"{conversation}/messages", {"content": "Why is the sky blue?"}, headers={"Idempotency-Key": "k1"})

    assert sent.status_code == 202
    body = sent.get_json()
    assert body["user_message"]["content"] == "Why is the sky blue?"
    assert (body["answer"]["status"], body["answer"]["position"], body["answer"]["model"]) == ("queued", 1, "llama")
    assert body["stream"] == f"{conversation}/stream"
    assert jobs.load("ollama") == 1
    assert [row[0] for row in database.execute_sql("SELECT state FROM turns").fetchall()] == ["queued"]
    database.close()


def test_everybody_who_watches_is_told(ann: Person, offers: None) -> None:
    conversation = ann.conversation()
    sent = ann.ask(conversation)

    told = [parse(entry.body).name for entry in token_log().read(conv_topic(conversation.rpartition("/")[2]))]
    heard = [parse(entry.body).name for entry in token_log().read(user_topic(ann.id))]

    assert told == ["message", "message", "queued"]
    assert heard == ["conversation", "answering", "conversation"]
    assert sent["answer"]["id"]
