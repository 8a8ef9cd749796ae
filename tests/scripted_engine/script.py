"""What the scripted engine does with one request, as a value."""

import re
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import parse_qsl

# What any model can continue, as it is asked before its engine is trusted to.
ONE_TO_FOUR, FIVE_TO_EIGHT = "One, two, three, four,", " five, six, seven, eight."


@dataclass(frozen=True, kw_only=True)
class Script:
    """How one answer goes. Counts are in tokens, times in seconds."""

    # Tokens of the whole answer.
    length: int = 20
    # Tokens a second; 0 sends them as fast as they go.
    rate: float = 0.0
    # The text to say instead of ` w0 w1 …`, one token a word.
    text: str = ""
    # Wait before the response's headers, and between them and the first token.
    headers_s: float = 0.0
    delay_s: float = 0.0
    # Say nothing for `silence_s` before this token.
    silence_at: int | None = None
    silence_s: float = 30.0
    # Hang up, break the protocol, send broken UTF-8 or an error of the engine before this token.
    cut_at: int | None = None
    malformed_at: int | None = None
    bad_utf8_at: int | None = None
    error_at: int | None = None
    # Send one line that never ends.
    endless_line: bool = False
    # Refuse with this status (404: no such model, 500: out of order).
    status: int = 200
    # Refuse as too long for the model's context.
    too_long: bool = False
    # Say in Ollama's description that the model sees; refuse every image, as a model that can't see does.
    vision: bool = False
    no_images: bool = False
    # Say in Ollama's description that the model calls tools.
    tools: bool = False
    # Make embeddings, and no answers.
    embeds: bool = False
    # How long the model takes to load when it is asked first.
    loading_s: float = 0.0
    # Tokens of reasoning before the answer, and how they are sent: in a field of their own, or between <think> tags in the text.
    think: int = 0
    think_tags: bool = False
    # The family of models that Ollama says it is of.
    family: str = "scripted"
    # Send each byte in its own packet, so that characters and lines are split.
    dribble: bool = False
    # Tools to call after the text where the request has any, as JSON: [{"name": …, "arguments": {…}}]; a call's arguments are said in tokens.
    calls: str = ""
    # Call them only where what was asked last is not a tool's result: one round of calls for each question.
    calls_once: bool = False
    # Start over where an answer is to be continued, as servers do that can't continue.
    begins_again: bool = False
    # Say what the request took, as engines do when asked.
    usage: bool = True
    # What the model's description says, and whose OpenAI's side says it is.
    context_length: int = 8192
    owned_by: str = "scripted"

    def full_text(self) -> str:
        """Return the text of an undisturbed answer."""
        return self.text or "".join(f" w{number}" for number in range(self.length))

    def tokens(self, prefix: str = "") -> list[str]:
        """Return the tokens that follow `prefix`, an assistant's message to be continued: the rest of this script's text, else counted on."""
        if prefix == ONE_TO_FOUR:
            return split(FIVE_TO_EIGHT)
        full = self.full_text()
        if full.startswith(prefix):
            return split(full[len(prefix) :])
        seen = re.findall(r"w(\d+)", prefix)
        return [f" w{number}" for number in range(int(seen[-1]) + 1 if seen else 0, self.length)]


def split(text: str) -> list[str]:
    """Cut a text into tokens, each a word with the space before it."""
    return re.findall(r"\s*\S+|\s+$", text)


def parse(spec: str) -> tuple[str, Script]:
    """Read `name` or `name?length=5&rate=10` as a model's name and its script."""
    name, _, query = spec.partition("?")
    return name, make(dict(parse_qsl(query)))


def make(given: dict[str, Any]) -> Script:
    """Make a script of values that may be strings. Raises KeyError for a field that no script has."""
    defaults = {field.name: field.default for field in fields(Script)}
    return replace(Script(), **{name: _convert(defaults[name], value) for name, value in given.items()})


def _convert(default: Any, value: Any) -> Any:
    if not isinstance(value, str) or isinstance(default, str):
        return value
    if isinstance(default, bool):
        return value.lower() in {"1", "true"}
    return float(value) if isinstance(default, float) else int(value)
