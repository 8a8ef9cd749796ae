"""Files on their way to the model: texts with their names, images for those who see, words for the rest, all within the context."""

from base64 import b64decode
from typing import Any
from uuid import UUID

from olamchat.db import files as rows
from olamchat.db.pool import connected
from olamchat.services.knowledge import attaching
from olamchat.services.turns.thread import Enclosed, ThreadMessage
from tests import samples
from tests.worker.conftest import House, until
from worker.engines.base import ChatRequest, Image, Message
from worker.prompt import attachments
from worker.prompt.context_window import IMAGE, estimate, fit, shortened

PNG = samples.png()


def text(name: str, words: str, *, cut: bool = False) -> Enclosed:
    return Enclosed(UUID(int=1), name, "text/plain", words, cut)


def test_a_text_goes_in_with_its_name_before_the_question() -> None:
    [message] = attachments.messages(
        attachments.plan([ThreadMessage("user", "Sum it up.", (text('a "b".md', "Long ago"),))], None), sees=True
    )

    assert message.content == '<file name="a &quot;b&quot;.md">\nLong ago\n</file>\n\nSum it up.'


def test_what_is_gone_or_can_not_be_seen_is_said_in_words() -> None:
    gone = Enclosed(UUID(int=1), "photo.png", "image/png")

    [message] = attachments.messages(attachments.plan([ThreadMessage("user", "What is it?", (gone,))], None), sees=True)

    assert message.content == '<file name="photo.png">It can\'t be shown to you.</file>\n\nWhat is it?'
    assert message.images == ()


def test_the_files_of_a_message_leave_room_for_questions() -> None:
    long = ThreadMessage("user", "Sum it up.", (text("a.txt", "word " * 20_000), text("b.txt", "字" * 5_000)))

    [message] = attachments.messages(attachments.plan([long], 4_096), sees=True)

    assert 1_000 < estimate([message]) < 4_096 * 0.6
    assert message.content.count("[The file goes on; the rest does not fit.]") == 2
    assert message.content.endswith("Sum it up.")


def test_a_file_that_was_cut_when_it_came_says_so() -> None:
    [message] = attachments.messages(attachments.plan([ThreadMessage("user", "?", (text("a.txt", "word", cut=True),))], None), sees=True)

    assert "[The file goes on" in message.content


def test_a_text_is_shortened_by_what_it_weighs() -> None:
    assert len(shortened("a" * 3_000, 100)) == 294
    assert len(shortened("字" * 3_000, 130)) in range(90, 101)
    assert shortened("short", 100) == "short"


def test_images_count_when_the_thread_is_fitted() -> None:
    picture = Image(media_type="image/png", data=PNG)
    messages = [
        Message(role="user", content="one", images=(picture,)),
        Message(role="assistant", content="a"),
        Message(role="user", content="two"),
    ]

    fitted = fit(ChatRequest(model="m", messages=messages), IMAGE, lambda messages: 3 * len(messages))

    assert (fitted.left_out, estimate(messages) > IMAGE) == (2, True)
    assert fit(ChatRequest(model="m", messages=messages), 3 * IMAGE, lambda messages: 3 * len(messages)).left_out == 0


def attach(house: House, asked: Any, content: bytes, name: str) -> dict[str, Any]:
    """Do what the functions do: upload, and attach to the question."""
    kept = attaching.upload(user_id=asked.user, name=name, content=content)
    [(question,)] = house.run("SELECT parent_id FROM messages WHERE id = %s", asked.id)
    told = {key: kept[key] for key in ("id", "name", "media_type", "bytes", "kind")}
    with connected():
        rows.attach(question, [told])
    return kept


def test_a_model_that_sees_is_sent_the_image_and_the_text(house: House) -> None:
    house.script(length=2, vision=True)
    user = house.user()
    asked = house.ask("What is it?", user=user, send=False)
    kept = attaching.upload(user_id=user, name="p.png", content=PNG)
    note = attaching.upload(user_id=user, name="n.pdf", content=samples.pdf("Hello there"))
    [(question,)] = house.run("SELECT parent_id FROM messages WHERE id = %s", asked.id)
    with connected():
        rows.attach(question, [{key: one[key] for key in ("id", "name", "media_type", "bytes", "kind")} for one in (kept, note)])
    house.start()

    asked.until("done")

    [sent] = house.requests()
    assert sent["messages"][-1]["content"] == '<file name="n.pdf">\nHello there\n</file>\n\nWhat is it?'

    assert [b64decode(image) for image in sent["messages"][-1]["images"]] == [PNG]


def test_a_model_that_can_not_see_is_told_of_the_image(house: House) -> None:
    house.script(length=2)
    asked = house.ask("What is it?", send=False)
    attach(house, asked, PNG, "p.png")
    house.start()

    asked.until("done")

    [sent] = house.requests()
    assert "images" not in sent["messages"][-1]
    assert sent["messages"][-1]["content"].startswith('<file name="p.png">It can')


def test_an_engine_that_refuses_the_image_is_put_in_our_words(house: House) -> None:
    house.script(length=2, vision=True, no_images=True)
    asked = house.ask("What is it?", send=False)
    attach(house, asked, PNG, "p.png")
    house.start()

    error = asked.until("failed")["error"]

    assert (error["code"], error["retryable"]) == ("image_rejected", False)


def test_the_sweeper_deletes_what_was_never_sent(house: House) -> None:
    user = house.user()
    kept = attaching.upload(user_id=user, name="p.png", content=PNG)
    house.run("UPDATE files SET created_at = now() - interval '2 days' WHERE id = %s", kept["id"])
    house.start()

    until(lambda: not house.run("SELECT 1 FROM files WHERE id = %s", kept["id"]), "the sweep")
