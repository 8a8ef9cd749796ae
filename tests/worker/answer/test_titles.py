"""Which model makes a title: the pool's small one where one is named, else the one that answered."""

from tests.worker.conftest import House, until


def title(house: House, asked: object) -> str | None:
    [(found,)] = house.run("SELECT title FROM conversations WHERE id = %s", asked)
    return found  # type: ignore[no-any-return]


def test_the_small_model_makes_the_title(house: House) -> None:
    house.script(length=5)
    house.script("small", text="“A Small Title.”")
    house.start(OLAMCHAT_TITLE_MODEL="small")
    asked = house.ask(title=None)
    asked.until_told()
    until(lambda: title(house, asked.conversation) == "A Small Title", "the title")
    assert [request["model"] for request in house.requests()] == ["counter", "small"]
    said = house.requests()[-1]["messages"]
    assert said[-1] == {"role": "user", "content": "Question: Count.\n\nTitle:"}
    assert [message["role"] for message in said] == ["user", "assistant"] * 4 + ["user"]


def test_no_model_thinks_about_a_title_that_can_be_told_not_to(house: House) -> None:
    house.script(length=2, think=3)
    house.start()
    asked = house.ask(title=None)
    asked.until_told()
    until(lambda: title(house, asked.conversation) == "w0 w1", "the title")
    assert [request["options"].get("think") for request in house.requests()] == [None, False]


def test_where_it_is_gone_the_model_that_answered_does(house: House) -> None:
    house.script(length=2)
    house.start(OLAMCHAT_TITLE_MODEL="gone")
    asked = house.ask(title=None)
    asked.until_told()
    until(lambda: title(house, asked.conversation) == "w0 w1", "the title")


def test_the_questions_words_make_way_for_the_models_title(house: House) -> None:
    house.script(length=2)
    asked = house.ask(title="Count.")
    house.start()
    asked.until_told()
    until(lambda: title(house, asked.conversation) == "w0 w1", "the title")


def test_what_reads_like_no_title_makes_way_for_the_questions_words(house: House) -> None:
    house.script(length=2)
    house.script("small", text="Sure, I can count for you. " * 5)
    house.start(OLAMCHAT_TITLE_MODEL="small")
    asked = house.ask("Count slowly, please.", title=None)
    asked.until_told()
    until(lambda: title(house, asked.conversation) == "w0 w1", "the title")


def test_a_model_that_talks_on_is_not_listened_to(house: House) -> None:
    house.script(length=2)
    house.script("small", text="A Small Title\n\n" + "and so on, " * 2_000, rate=20)
    house.start(OLAMCHAT_TITLE_MODEL="small")
    asked = house.ask(title=None)
    asked.until_told()
    until(lambda: title(house, asked.conversation) == "A Small Title", "the title")
