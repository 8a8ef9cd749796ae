"""The tags that models and templates put around thoughts, and those that close an answer and should not have been sent."""

import re
from dataclasses import dataclass

# Known wherever a line begins, and closed without having been opened, since templates open them.
_ANYWHERE = ("think", "thinking", "seed:think", "antml:thinking")
# Words of other texts, too: known at the very beginning of an answer only.
_AT_FIRST = ("thought", "thoughts", "reasoning")
# Tokens of one model each: Magistral, Kimi-VL, OpenThinker, Command A, gpt-oss.
_TOKENS = (
    ("[think]", "[/think]"),
    ("◁think▷", "◁/think▷"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<|start_thinking|>", "<|end_thinking|>"),
    ("<|channel|>analysis<|message|>", "<|end|>"),
)
# What gpt-oss puts between its thoughts and its answer.
_BETWEEN = "<|start|>assistant", "<|channel|>final<|message|>"
LAST = ("<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|endoftext|>", "<|end_of_text|>", "<|end|>", "<|return|>", "<|end_of_turn_token|>", "<end_of_turn>", "<｜end▁of▁sentence｜>", "</s>")  # fmt: skip

_NAMES = "|".join((*_ANYWHERE, *_AT_FIRST))
_MOST_ATTRIBUTES = 60
_EVERY_TOKEN = [token for pair in _TOKENS for token in pair] + list(_BETWEEN)


def _written(token: str) -> str:
    """Return the pattern of a token; what stands in brackets is one in capitals only."""
    return f"(?-i:{re.escape(token.upper())})" if token.startswith("[") else re.escape(token)


TAG = re.compile(
    rf"<(?P<slash>/?)(?P<name>{_NAMES})(?:\s[^<>\n]{{0,{_MOST_ATTRIBUTES}}})?>|{'|'.join(_written(token) for token in _EVERY_TOKEN)}",
    re.IGNORECASE,
)
_ATTRIBUTES = re.compile(rf"</?(?:{_NAMES})\s[^<>\n]{{0,{_MOST_ATTRIBUTES}}}", re.IGNORECASE)
_WHOLE = [f"<{slash}{name}>" for slash in ("", "/") for name in (*_ANYWHERE, *_AT_FIRST)] + _EVERY_TOKEN
LONGEST = max(*map(len, _WHOLE), max(map(len, _NAMES.split("|"))) + _MOST_ATTRIBUTES + 4)
_BEGINNINGS = re.compile(r"[<\[◁]")


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag. Tags of one `family` close each other; `is_sure`: it means thoughts wherever a line begins."""

    family: str
    closes: bool
    is_sure: bool = True
    is_between: bool = False


def tag_of(found: "re.Match[str]") -> Tag:
    """Return what was found as a tag."""
    if name := found["name"]:
        name = name.lower()
        return Tag("think", bool(found["slash"])) if name in _ANYWHERE else Tag(name, bool(found["slash"]), is_sure=False)
    token = found[0].lower()
    if token in _BETWEEN:
        return Tag(_TOKENS[-1][0], closes=True, is_between=True)
    # "<|end|>" ends answers of other models.
    return next(Tag(opening, token == closing, is_sure=closing != "<|end|>") for opening, closing in _TOKENS if token in (opening, closing))


def without(reasoning: str) -> str:
    """Return reasoning that came in a field of its own without tags around it."""
    text = reasoning.strip()
    if not may_begin(text):
        return reasoning
    for found in (TAG.match(text), TAG.fullmatch(text, max(0, text.rfind("<")))):
        if found and found[0]:
            reasoning = reasoning.replace(found[0], "", 1)
    return reasoning


def may_begin(text: str) -> bool:
    """Tell whether a piece without a tag has a character that one begins with."""
    return _BEGINNINGS.search(text) is not None


def begun(text: str) -> int:
    """Return how many characters at the end may be the beginning of a tag."""
    for found in _BEGINNINGS.finditer(text, max(0, len(text) - LONGEST)):
        rest = text[found.start() :].lower()
        if any(tag.startswith(rest) for tag in _WHOLE) or _ATTRIBUTES.fullmatch(rest):
            return len(rest)
    return 0
