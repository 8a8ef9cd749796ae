"""The engine that needs nothing and is no model: its answers are computed from the question, always the same, at a pace one can watch."""

import re
import threading
import time
from collections.abc import Iterator, Sequence

from worker.engines.base import ChatRequest, Delta, Loading, Message, Model, ToolsRejected, Usage

NAME = "demo"
CONTEXT_LENGTH = 8192
COUNT = re.compile(r"\bcount\s+(?:\w+\s+)?to\s+(\d{1,6})", re.IGNORECASE)

ANSWER = """\
You asked: *{question}*

I am the **demo engine**, not a language model: I answer every question with this text, so that you can see how an answer arrives.

- Each word went from a worker through the token log to your page.
- Open this conversation in a second tab: both show the same answer.
- Reload in the middle of an answer, or stop it: nothing is lost.
- Say *count to 200*, and I'll count.

To talk to a real model, start one and say where it is:

```bash
OLLAMA_URL=http://127.0.0.1:11434 make up
VLLM_URL=http://127.0.0.1:8000 make up
OPENAI_BASE_URL=http://127.0.0.1:8080/v1 make up
```

Your question had {words}. The conversation has {turns} so far.
"""


class Speech:
    """The rest of an answer, word by word. `close` may come from any thread."""

    waits, source = True, None

    def __init__(self, rest: str, *, prompt_tokens: int, tokens_per_s: float, limit: int | None, stop: Sequence[str]) -> None:
        self._closed = threading.Event()
        self._pieces = self._say(_until(rest, stop), prompt_tokens, tokens_per_s, limit)

    def __iter__(self) -> Iterator[Delta | Loading | Usage]:
        return self

    def __next__(self) -> Delta | Loading | Usage:
        return next(self._pieces)

    def close(self) -> None:
        """End the answer where it is."""
        self._closed.set()

    def _say(self, text: str, prompt_tokens: int, tokens_per_s: float, limit: int | None) -> Iterator[Delta | Loading | Usage]:
        begin, said = time.monotonic(), 0
        words = re.findall(r"\s*\S+|\s+$", text)
        for said, word in enumerate(words[:limit], start=1):
            due = begin + said / tokens_per_s if tokens_per_s else begin
            if self._closed.wait(max(0.0, due - time.monotonic())):
                return
            yield Delta(word)
        yield Usage(prompt_tokens, said, "stop" if limit is None or limit >= len(words) else "length")


class Demo:
    """The demo engine at a pace; 0 tokens a second is as fast as it goes."""

    kind = "demo"

    def __init__(self, tokens_per_s: float) -> None:
        self._tokens_per_s = tokens_per_s

    def continues(self, model: str) -> bool:  # noqa: ARG002, it has but one
        return True

    def models(self) -> list[Model]:
        return [Model(name=NAME, context_length=CONTEXT_LENGTH)]

    def chat(self, request: ChatRequest) -> Speech:
        """Return the answer to the last question; what an assistant's message at the end says already is left out.

        It calls no tools, which a model may do, too; what must call one, or be JSON, it refuses. Raises ToolsRejected.
        """
        demands = request.demands
        if (demands.tools and demands.tool_choice not in {None, "auto", "none"}) or demands.response_format:
            raise ToolsRejected("the demo engine calls no tools and speaks no JSON")
        said = request.messages[-1].content if request.continues else ""
        whole = answer([message for message in request.messages if message.role == "user"])
        rest = whole[len(said) :] if whole.startswith(said) else ""
        prompt_tokens = sum(len(message.content.split()) for message in request.messages)
        options = request.options
        return Speech(rest, prompt_tokens=prompt_tokens, tokens_per_s=self._tokens_per_s, limit=options.max_tokens, stop=options.stop)


def answer(questions: Sequence[Message]) -> str:
    """Compute the answer to the last question."""
    question = questions[-1].content if questions else ""
    if counted := COUNT.search(question):
        return " ".join(str(number) for number in range(1, int(counted[1]) + 1))
    return ANSWER.format(
        question=_quoted(question), words=_counted(len(question.split()), "word"), turns=_counted(len(questions), "question")
    )


def _quoted(question: str) -> str:
    line = " ".join(question.replace("*", "").replace("`", "").split())
    return line if len(line) <= 80 else line[:79].rstrip() + "…"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _until(text: str, stop: Sequence[str]) -> str:
    ends = [at for mark in stop if (at := text.find(mark)) >= 0]
    return text[: min(ends)] if ends else text
