"""A conversation's title: the question's first words at once, and what a model has made of it later."""

import json
import re

LETTERS = 60
# Characters of a question that its first words are looked for in.
_BEGINNING = 1_000
# Before a title, in the languages of the page and some others: "Title:", "**Titel:**", "标题：".
_NAMES = "title|titel|titre|título|titolo|titulo|标题|標題|タイトル|제목|العنوان|عنوان|заголовок|название"
_LABEL = re.compile(rf"^(the )?(chat |conversation )?({_NAMES})\s*[:：]\s*", re.IGNORECASE)
# A title in quotes within a sentence that announces it: Here's a possible title: "Baking Bread".
_ANNOUNCED = re.compile(
    rf"({_NAMES})\b[^\n\"“„«「:：]{{0,40}}[:：]?\s*[*_]*[\"“„«「](\w[^\n\"”“»」]{{1,{LETTERS}}})[\"”“»」]", re.IGNORECASE
)
_THOUGHTS = re.compile(r"<(think|thinking|thought|reasoning)>.*?(</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_CODE = re.compile(r"\A\s*(```|~~~)\s*\w+\s*\n")
_FENCES = re.compile(r"^\s*(```|~~~).*$", re.MULTILINE)
_PAIRED = re.compile(r"(`|\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1")
_AROUND = "\"'“”‘’„‚«»‹›「」『』《》`*_# \t"
_END = ".。!！,，;；:："
# What shows that a model went on with the conversation instead of naming it: sentences one after another, and words in a loop.
_SENTENCES = re.compile(r"\w{4,}[.!?؟]\s+\w|[。！？]\w")
_LOOP = re.compile(r"\b(\w+)(?:\W+\1\b){2}", re.IGNORECASE)
_SCRIPTS = tuple(
    re.compile(letters)
    for letters in ("[\u3040-\u30ff\u3400-\u9fff]", "[\u0600-\u06ff]", "[\u0400-\u04ff]", "[\uac00-\ud7af]", "[\u0900-\u097f]")
)


def first_words(question: str) -> str | None:
    """Return the question's beginning as a title, without the marks of its Markdown; None where it has no words."""
    words = _PAIRED.sub(r"\2", _FENCES.sub(" ", question.lstrip()[:_BEGINNING]))
    return _shortened(" ".join(words.split()).lstrip("#*> ")) or None


def cleaned(said: str, *, question: str = "") -> str:
    """Return the title in what a model says, without what models put around it: thoughts, a label, quotes, a full stop.

    Empty where there is none. Small models often answer the question once more, write code, go round in circles or change the language:
    then the question's own words are the better title.
    """
    spoken = _THOUGHTS.sub("", said).rpartition("</think>")[2]
    if _CODE.match(spoken):
        return ""
    announced = _ANNOUNCED.search(spoken)
    title = announced[2].strip(_AROUND).rstrip(_END) if announced else next((line for line in map(_bare, spoken.splitlines()) if line), "")
    return title if _reads_like_one(title, question) else ""


def is_said(so_far: str) -> bool:
    """Tell whether a title has been said, or so much that no title will come."""
    spoken = _THOUGHTS.sub("", so_far).lstrip()
    return len(spoken) > 4 * LETTERS or bool(cleaned(spoken[: spoken.rfind("\n") + 1]))


def _reads_like_one(title: str, question: str) -> bool:
    if len(title) > LETTERS or _SENTENCES.search(title) or _LOOP.search(title):
        return False
    return all(letters.search(title) for letters in _SCRIPTS if len(letters.findall(question)) * 2 > len(question))


def _bare(line: str) -> str:
    """Strip a line of all but the title; a line that only announces one is none."""
    bare = _from_json(line.strip().lstrip("-•> ")).strip(_AROUND)
    bare = _LABEL.sub("", bare).strip(_AROUND)
    return "" if _announces(bare) else bare.rstrip(_END).strip(_AROUND)


def _announces(line: str) -> bool:
    return len(line) <= LETTERS and line.endswith((":", "："))


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
