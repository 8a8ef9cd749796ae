"""A conversation's title: the question's first words at once, and what a model has made of it later."""

import json
import re

LETTERS = 60
# Before a title, in the languages of the page and some others: "Title:", "**Titel:**", "标题：".
_LABEL = re.compile(
    r"^(the )?(chat |conversation )?(title|titel|titre|título|titolo|titulo|标题|標題|タイトル|제목|العنوان|عنوان|заголовок|название)\s*[:：]\s*",
    re.IGNORECASE,
)
_THOUGHTS = re.compile(r"<(think|thinking|thought|reasoning)>.*?(</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_AROUND = "\"'“”‘’„‚«»‹›「」『』《》`*_# \t"
_END = ".。!！,，;；:："


def first_words(question: str) -> str | None:
    """Return the question's beginning as a title; None where it has no words."""
    return _shortened(" ".join(question.split()).lstrip("#*> ")) or None


def cleaned(said: str) -> str:
    """Return a model's title without what models put around it: thoughts, a label, quotes, a full stop. Empty where there is none."""
    spoken = _THOUGHTS.sub("", said)
    spoken = spoken.rpartition("</think>")[2]
    return _shortened(next((line for line in map(_bare, spoken.splitlines()) if line), ""))


def _bare(line: str) -> str:
    """Strip a line of all but the title; a line that only announces one is none."""
    bare = _from_json(line.strip().lstrip("-•> ")).strip(_AROUND)
    bare = _LABEL.sub("", bare).strip(_AROUND)
    return "" if bare.endswith((":", "：")) or bare.startswith("```") else bare.rstrip(_END).strip(_AROUND)


def _from_json(line: str) -> str:
    if not line.startswith("{"):
        return line
    try:
        found = json.loads(line)
    except ValueError:
        return line
    title = found.get("title") if isinstance(found, dict) else None
    return title if isinstance(title, str) else line


def _shortened(text: str) -> str:
    if len(text) <= LETTERS:
        return text
    return text[: LETTERS - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
