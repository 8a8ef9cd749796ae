"""OpenAI's chat completions, as far as they are spoken here: the request as a model, the answer's shapes.

Source: https://platform.openai.com/docs/api-reference/chat. What would change the answer and isn't done here is refused, the rest is overlooked.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from olamchat.services.completions import Begun

Stop = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Loose(BaseModel):
    """Clients send more than is documented: what isn't known is overlooked."""

    model_config = ConfigDict(strict=True, extra="ignore")


class Part(Loose):
    type: Literal["text"]
    text: str


class Said(Loose):
    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[Part] | None = None

    def plain(self) -> dict[str, str]:
        """Return role and text as engines take them."""
        content = self.content or ""
        text = content if isinstance(content, str) else "".join(part.text for part in content)
        return {"role": "system" if self.role == "developer" else self.role, "content": text}


class StreamOptions(Loose):
    include_usage: bool = False


class Complete(Loose):
    model: str = Field(min_length=1, max_length=300)
    messages: list[Said] = Field(min_length=1, max_length=2_000)
    stream: bool = False
    stream_options: StreamOptions | None = None
    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, ge=0, le=1)
    max_tokens: int | None = Field(default=None, ge=1, le=1_000_000)
    max_completion_tokens: int | None = Field(default=None, ge=1, le=1_000_000)
    seed: int | None = Field(default=None, ge=-(2**31), le=2**31 - 1)
    stop: Stop | list[Stop] | None = None
    n: Literal[1] | None = None
    tools: list[Any] | None = None
    response_format: dict[str, Any] | None = None

    @field_validator("stop")
    @classmethod
    def _few(cls, stop: str | list[str] | None) -> str | list[str] | None:
        if isinstance(stop, list) and len(stop) > 8:
            raise ValueError("at most 8")
        return stop

    @field_validator("tools")
    @classmethod
    def _none(cls, tools: list[Any] | None) -> None:
        if tools:
            raise ValueError("no tools are passed to engines here")

    @field_validator("response_format")
    @classmethod
    def _text(cls, wanted: dict[str, Any] | None) -> None:
        if wanted and wanted.get("type") != "text":
            raise ValueError("only text is answered here")

    def options(self) -> dict[str, Any]:
        """Return how the model is to sample, as turns keep it."""
        stop = [self.stop] if isinstance(self.stop, str) else self.stop
        named = {
            "temperature": self.temperature, "top_p": self.top_p, "seed": self.seed, "stop": stop,
            "max_tokens": self.max_completion_tokens or self.max_tokens,
        }  # fmt: skip
        return {name: value for name, value in named.items() if value is not None}

    @property
    def wants_usage(self) -> bool:
        return self.stream_options is not None and self.stream_options.include_usage


def chunk(begun: Begun, delta: Mapping[str, Any], finish: str | None = None) -> dict[str, Any]:
    """Return one chunk of a stream."""
    return {**_head(begun, "chat.completion.chunk"), "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]}


def last_chunk(begun: Begun, usage: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the chunk that tells what it took."""
    return {**_head(begun, "chat.completion.chunk"), "choices": [], "usage": counted(usage)}


def whole(begun: Begun, text: str, reasoning: str, usage: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return an answer in one piece."""
    message = {"role": "assistant", "content": text, "refusal": None, **({"reasoning_content": reasoning} if reasoning else {})}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": finish_reason(usage)}
    return {**_head(begun, "chat.completion"), "choices": [choice], "usage": counted(usage)}


def finish_reason(usage: Mapping[str, Any] | None) -> str:
    return str((usage or {}).get("finish_reason") or "stop")


def counted(usage: Mapping[str, Any] | None) -> dict[str, int]:
    """Return the tokens; 0 where the engine doesn't count."""
    asked, said = ((usage or {}).get(name) or 0 for name in ("prompt_tokens", "completion_tokens"))
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


def _head(begun: Begun, kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{begun.id.hex}", "object": kind, "created": begun.created_s, "model": begun.model, "system_fingerprint": None}
