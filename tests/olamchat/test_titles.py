"""Titles read like titles, whatever small models put around them."""

import pytest

from olamchat.titles import cleaned, first_words, is_said

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
    # As a real model of 135 million parameters said it, and what stood there: an answer, code, a loop, a title in a sentence.
    "Estreo-América (LAS ANIMA) (2019) is a French-speaking country in Europe.": "",
    "```python\ndef string_reverser(input_str):\n    return": "",
    "No, no, no, no, no, no, no, no, no, no": "",
    'What a delightful challenge! Here\'s a possible title: "Baking the Perfect Loaf"': "Baking the Perfect Loaf",
    "Aqteerah ekumra ekumra ekumra ekumra e": "",
    "ما هي عاصمة فرنسا؟ لا تجاشي. دمشق": "",
    "Hello! Welcome to my world of delights!": "",
    "Capital of France": "Capital of France",
    "reverse a string in Python": "reverse a string in Python",
    "Node.js 22 vs. Deno: what to pick?": "Node.js 22 vs. Deno: what to pick?",
}


@pytest.mark.parametrize("said", SAID)
def test_a_model_says_a_title(said: str) -> None:
    assert cleaned(said) == SAID[said]


@pytest.mark.parametrize(
    ("question", "said", "title"),
    [
        ("法国的首都是哪里？", "Your life is not a desert", ""),
        ("法国的首都是哪里？", "法国的首都", "法国的首都"),
        ("为什么我的 Python 代码报 TypeError？", "Python TypeError", "Python TypeError"),
        ("ما هي عاصمة فرنسا؟", "The capital of France", ""),
        ("What does 你好 mean?", "Meaning of a greeting", "Meaning of a greeting"),
    ],
)
def test_a_title_is_written_as_its_question_is(question: str, said: str, title: str) -> None:
    assert cleaned(said, question=question) == title


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("Why is the sky blue?", "Why is the sky blue?"),
        ("# A heading\n\nand   more", "A heading and more"),
        ("What does `x` do?\nAnd **this**:\n\n```python\nprint(1)\n```", "What does x do? And this: print(1)"),
        ("2 * 3 ** 4 and my_own_name", "2 * 3 ** 4 and my_own_name"),
        (" **a" * 30_000, "a **a **a **a **a **a **a **a **a **a **a **a **a **a **a…"),
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


@pytest.mark.parametrize(
    ("so_far", "said"),
    [
        ("A Small Ti", False),
        ("A Small Title\n", True),
        ("Here is a title:\n\n", False),
        ("Here is a title:\n\nA Small Title\nIt", True),
        ("<think>They want\na title.\n" + "Hmm. " * 100, False),
        ("No, no, no, " * 30, True),
    ],
)
def test_one_need_not_listen_longer_than_to_the_title(so_far: str, said: bool) -> None:
    assert is_said(so_far) is said
