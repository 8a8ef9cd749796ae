"""The questions: one a line, `document<TAB>words of the passage that answers it<TAB>question`, a file for each language of question and document."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_WORD = re.compile(r"[^\W\d_\u3400-\u9fff]{4,}")
LANGUAGES = {"en": "English", "de": "German", "zh": "Chinese"}


@dataclass(frozen=True)
class Asked:
    """A question, and what stands in every passage that answers it."""

    language: str
    document: str
    quote: str
    question: str

    @property
    def mistyped(self) -> str:
        """The question with its longest word mistyped, so that this word stands nowhere; one without spaces gets such a word besides."""
        word = max(_WORD.findall(self.question), key=len, default="")
        if not word:
            return f"{self.question} qzxv"
        middle = len(word) // 2
        return self.question.replace(word, f"{word[:middle]}qzx{word[middle:]}")

    def answered_by(self, text: str) -> bool:
        """Tell whether a passage answers it: the same text may stand in several documents."""
        return squeezed(self.quote) in squeezed(text)


def squeezed(text: str) -> str:
    """Return a text as it is compared: without white space and case."""
    return "".join(text.split()).casefold()


def questions() -> Sequence[Asked]:
    """Return all questions."""
    found: list[Asked] = []
    for language in LANGUAGES:
        for line in (Path(__file__).parent / "questions" / f"{language}.tsv").read_text().splitlines():
            document, quote, question = line.split("\t")
            found.append(Asked(language, document, quote, question))
    return found


def answers(asked: Sequence[Asked], chunks: Mapping[int, str]) -> dict[Asked, set[int]]:
    """Return which chunks answer each question. Raises ValueError for a question that none answers."""
    texts = {number: squeezed(text) for number, text in chunks.items()}
    found = {one: {number for number, text in texts.items() if squeezed(one.quote) in text} for one in asked}
    if missing := [one.question for one, numbers in found.items() if not numbers]:
        raise ValueError(f"no passage has what answers these: {missing}")
    return found
