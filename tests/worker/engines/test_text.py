"""Characters are whole and reasoning is apart, however a text is cut."""

from hypothesis import given
from hypothesis import strategies as st

from worker.engines.base import Delta, Thoughts
from worker.engines.reply.text import Characters
from worker.engines.reply.thinking import Thinking


@given(st.text(alphabet="<think>/ab\n", max_size=30), st.lists(st.integers(1, 5), max_size=30))
def test_where_a_text_is_cut_makes_no_difference(text: str, cuts: list[int]) -> None:
    for whole in (text, f"<think>{text}", f"<think>{text}</think>{text}"):
        assert _split(_cut(whole, cuts)) == _split([whole])


def test_a_text_without_the_tag_stays_as_it_is() -> None:
    for text in ("  a <think> b", "<thin", "", "<", "\n<b>"):
        assert _split(list(text)) == (text, "")


def test_halves_of_a_character_are_joined() -> None:
    characters = Characters()
    assert characters.whole("a\ud83d") + characters.whole("\ude00b") == "a😀b"
    assert characters.whole("a\udead") == "a\ufffd"
    assert characters.whole("\ud83d") + characters.rest() == "\ufffd"


def _cut(text: str, cuts: list[int]) -> list[str]:
    pieces, at = [], 0
    for size in cuts:
        pieces.append(text[at : at + size])
        at += size
    return [*pieces, text[at:]]


def _split(pieces: list[str]) -> tuple[str, str]:
    """Return the text and the reasoning, as the one who reads them sees them in the end."""
    thinking, text, reasoning = Thinking(), "", ""
    for piece in [each for part in pieces for each in thinking.split(part)] + thinking.rest():
        match piece:
            case Thoughts(chars):
                text, reasoning = text[:-chars], reasoning + text[-chars:]
            case Delta():
                text, reasoning = text + piece.text, reasoning + piece.reasoning
    return text, reasoning
