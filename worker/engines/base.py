"""What every engine is, says and refuses.

An engine answers with an iterator of what the model says. Closing it cancels at the engine, so the GPU is free.
"""

import re
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

from olamchat.roster import Effort

Role = Literal["system", "user", "assistant", "tool"]
State = Literal["loaded", "cold", "loading", "down"]


@dataclass(frozen=True, kw_only=True)
class Model:
    """One model that an engine offers: `context_length` in tokens, None where the engine doesn't say.

    `display_name` is what people read instead of the name; `can_continue` is None until the pool has said it;
    `efforts` is how much it may be told to think.
    """

    name: str
    display_name: str = ""
    can_continue: bool | None = None
    context_length: int | None = None
    state: State = "loaded"
    capabilities: tuple[str, ...] = ()
    efforts: tuple[Effort, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Image:
    """A picture for a model that can see."""

    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class ToolCall:
    """What the model wants of a tool; `arguments` are JSON as the model wrote it, which may be none."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message of the thread that is sent to the model: an assistant's may call tools, a tool's `answers` one of these calls."""

    role: Role
    content: str
    images: tuple[Image, ...] = ()
    calls: tuple[ToolCall, ...] = ()
    answers: ToolCall | None = None

    @property
    def words(self) -> str:
        """Return all that the model reads of it."""
        return self.content + "".join(call.name + call.arguments for call in self.calls)


@dataclass(frozen=True, kw_only=True)
class Options:
    """How the model is to sample and to think; None leaves it to the engine. `effort` is one of the model's `efforts`."""

    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    effort: Effort | None = None


@dataclass(frozen=True, kw_only=True)
class Demands:
    """What the answer may be besides text, in OpenAI's words: tools to call, and a form that it must have."""

    tools: Sequence[Mapping[str, Any]] = ()
    tool_choice: str | Mapping[str, Any] | None = None
    parallel_tool_calls: bool | None = None
    response_format: Mapping[str, Any] | None = None

    @property
    def given(self) -> dict[str, Any]:
        """Return what there is of them, by name."""
        every = {"tools": list(self.tools) or None, "tool_choice": self.tool_choice, "parallel_tool_calls": self.parallel_tool_calls}
        return {name: value for name, value in {**every, "response_format": self.response_format}.items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class ChatRequest:
    """A question to a model. With `continues`, the last turn is the assistant's and is gone on with."""

    model: str
    messages: Sequence[Message]
    options: Options = field(default_factory=Options)
    continues: bool = False
    demands: Demands = field(default_factory=Demands)

    @property
    def continued(self) -> str:
        """Return the text that is to be continued, empty where a new answer is asked for."""
        return self.messages[-1].content if self.continues else ""

    @property
    def pictured(self) -> bool:
        """Tell whether there are images in it."""
        return any(message.images for message in self.messages)


@dataclass(frozen=True, slots=True)
class Delta:
    """The next piece of the answer, of its reasoning, or of both; never with half a character."""

    text: str = ""
    reasoning: str = ""


@dataclass(frozen=True, slots=True)
class Loading:
    """The engine is loading the model; the first word comes after that."""


@dataclass(frozen=True, slots=True)
class Thoughts:
    """The last `chars` characters that were passed on as text turn out to be reasoning."""

    chars: int


@dataclass(frozen=True, slots=True)
class Anew:
    """The engine was asked to continue an answer and began a new one: the text before this piece is void."""


Finish = Literal["stop", "length", "tool_calls", "content_filter", "refusal"]


@dataclass(frozen=True, slots=True)
class Usage:
    """What the answer took, in tokens, and why it ended; with "tool_calls", the calls, whole."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    finish_reason: Finish = "stop"
    calls: tuple[ToolCall, ...] = ()


@dataclass(frozen=True, slots=True)
class Quiet:
    """Nothing more is there now; said only by who was told not to wait for it."""


Piece = Delta | Thoughts | Anew | Loading | Usage | Quiet


def text_of(pieces: Iterable[Piece]) -> str:
    """Return the text of an answer whose pieces are these."""
    text = ""
    for piece in pieces:
        match piece:
            case Delta():
                text += piece.text
            case Thoughts():
                text = text[: -piece.chars]
            case Anew():
                text = ""
    return text


def counted(number: Any, most: int = 1_000_000_000) -> int | None:
    """Return what an engine says of how many, None where that can't be. Some say it in a string or with a decimal point."""
    if (isinstance(number, float) and number.is_integer()) or (isinstance(number, str) and re.fullmatch(r"[0-9]{1,10}", number)):
        number = int(number)
    return number if type(number) is int and 0 <= number <= most else None


class Speech(Protocol):
    """An answer on its way. `close` may come from any thread, also while another waits in `next`: it cancels at the engine at once.

    Once `waits` is False, one that has a `source` may return Quiet instead of waiting; more is there when the source can be read.
    """

    waits: bool

    @property
    def source(self) -> socket.socket | None: ...

    def __iter__(self) -> Iterator[Piece]: ...

    def __next__(self) -> Piece: ...

    def close(self) -> None: ...


class Engine(Protocol):
    """A door to models."""

    @property
    def kind(self) -> str: ...

    def continues(self, model: str) -> bool:
        """Tell whether this model goes on with a thread that ends with the assistant's message."""
        ...

    def models(self) -> list[Model]:
        """List what this engine offers now. Raises EngineUnavailable."""
        ...

    def chat(self, request: ChatRequest) -> Speech:
        """Return the answer piece by piece, at the end one Usage; while it is read it raises EngineError."""
        ...


@runtime_checkable
class Testable(Protocol):
    """An engine whose claim that it goes on can be tested."""

    def tested(self, model: str) -> bool:
        """Tell whether this model goes on, after a test where nobody has vouched for it yet."""
        ...


@runtime_checkable
class Counts(Protocol):
    """An engine that can say how long a thread is for a model."""

    def count(self, model: str, messages: Sequence[Message]) -> int | None:
        """Return the thread's tokens, None where this server can't say. Raises EngineUnavailable."""
        ...


@runtime_checkable
class Bounds(Protocol):
    """An engine that may know how much a model is given to read at once."""

    def window(self, model: str) -> int | None:
        """Return how many tokens a request and its answer may have together, None where nobody knows."""
        ...


@runtime_checkable
class Reports(Protocol):
    """An engine that can say how many requests wait in it."""

    def waiting(self) -> int | None:
        """Return how many wait, None where this server doesn't say. Raises EngineUnavailable."""
        ...


@dataclass(frozen=True)
class Fetched:
    """How far a model is that an engine fetches: bytes that are there, and bytes in all, 0 while it doesn't know."""

    completed: int
    total: int


class Fetching(Protocol):
    """A model on its way to an engine. `close` may come from any thread: the engine stops, and keeps what it has."""

    def __iter__(self) -> Iterator[Fetched]: ...

    def close(self) -> None: ...


@runtime_checkable
class Fetches(Protocol):
    """An engine that gets models out of a library of its own."""

    def fetch(self, model: str) -> Fetching:
        """Fetch a model; what is returned tells how far it is, until it is there. Raises EngineError."""
        ...


@dataclass(frozen=True, kw_only=True)
class ToEmbed:
    """Texts to be turned into vectors. `truncate`: what is too long for the model may be cut; `dimensions` None leaves them to the model."""

    model: str
    texts: Sequence[str]
    dimensions: int | None = None
    truncate: bool = True


@dataclass(frozen=True, kw_only=True)
class Embedded:
    """A vector for each text, and how many tokens they were, None where the engine doesn't say."""

    vectors: list[list[float]]
    tokens: int | None = None


@runtime_checkable
class Embeds(Protocol):
    """An engine that turns texts into vectors."""

    def embed(self, asked: ToEmbed) -> Embedded:
        """Return a vector for each text. Raises EngineError."""
        ...


class EngineError(Exception):
    """An engine did not do what it was asked, in its own words; `retry` says whether asking again may help."""

    code = "engine_error"
    retry = False


class EngineUnavailable(EngineError):
    code, retry = "engine_unavailable", True


class ModelNotFound(EngineError):
    code = "model_not_found"


class AccessDenied(EngineError):
    """The engine doesn't take olamchat's key."""

    code = "engine_access_denied"


class QuotaSpent(EngineError):
    """The engine's account has nothing left to pay for the answer."""

    code = "engine_quota_spent"


class OutOfMemory(EngineError):
    """The engine has not enough memory for the request."""

    code = "engine_out_of_memory"


class RequestRejected(EngineError):
    code = "request_rejected"


class ContextTooLong(RequestRejected):
    code = "context_too_long"


class ContentRejected(RequestRejected):
    """A filter of the engine let the question not pass."""

    code = "content_rejected"


class ImageRejected(RequestRejected):
    code = "image_rejected"


class ToolsRejected(RequestRejected):
    """The engine can't be told to call a tool, or to answer in a form."""

    code = "tools_rejected"


class CallsTooLong(EngineError):
    code = "calls_too_long"


class EngineFailed(EngineError):
    """The engine said itself that something went wrong, before its answer or in it."""

    code, retry = "engine_failed", True


class ModelUnloaded(EngineError):
    """The engine ended the answer because it put the model out of memory."""

    code, retry = "model_unloaded", True


class AnswerUnreadable(EngineError):
    """What came is no answer in the engine's protocol, such as a page of a proxy's."""

    code = "answer_unreadable"


class StreamInterrupted(EngineError):
    code, retry = "stream_interrupted", True
