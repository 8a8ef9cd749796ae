"""Titles read like titles, whatever small models put around them."""

import pytest

from olamchat.titles import cleaned, first_words

SAID = {
    "A Small Title": "A Small Title",
    "“A Small Title.”": "A Small Title",
    "Title: A Small Title": "A Small Title",
    "**Title:** A Small Title": "A Small Title",
    '"Title: A Small Title"': "A Small Title",
    "# A Small Title\n\nIt is about something small.": "A Small Title",
    "<think>They want a title.\nTitle: wrong</think>\n\nA Small Title": "A Small Title",
    "They want a title.</think>A Small Title": "A Small Title",
    "<think>They never came to an end": "",
    "Sure! Here is a title:\n\nA Small Title": "A Small Title",
    '{"title": "A Small Title"}': "A Small Title",
    "```\nA Small Title\n```": "A Small Title",
    "- A Small Title": "A Small Title",
    "标题：哈希表入门。": "哈希表入门",
    "「ハッシュ表」": "ハッシュ表",
    "العنوان: جداول التجزئة": "جداول التجزئة",
    "Titel: Über Hashtabellen": "Über Hashtabellen",
    "C++: What is RAII?": "C++: What is RAII?",
    "": "",
    " \n ": "",
}


@pytest.mark.parametrize("said", SAID)
def test_a_model_says_a_title(said: str) -> None:
    assert cleaned(said) == SAID[said]


def test_a_long_title_ends_at_a_word() -> None:
    title = cleaned("word " * 40)

    assert title.endswith("word…")
    assert len(title) <= 60


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("Why is the sky blue?", "Why is the sky blue?"),
        ("# A heading\n\nand   more", "A heading and more"),
        ("", None),
        (" \n", None),
        (
            "one two three four five six seven eight nine ten eleven twelve thirteen",
            "one two three four five six seven eight nine ten eleven…",
        ),
    ],
)
def test_a_question_begins_with_its_title(question: str, title: str | None) -> None:
    assert first_words(question) == title
