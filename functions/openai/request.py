"""A request for a chat completion, as OpenAI's clients send it (https://platform.openai.com/docs/api-reference/chat/create).

What would change the answer and isn't done here is refused by name. Hints and what nobody knows are overlooked.
"""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from functions.http.messages import MANY_VALUES
from functions.openai.images import picture
from olamchat.roster import Effort

BODY_BYTES = 8 << 20
MOST_IMAGES = 16
Stop = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9_.-]{1,128}$")]


def _parts(content: Any) -> Any:
    """Return a text as the one part that it is."""
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _several(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _one(n: int) -> int:
    if n > 1:
        raise ValueError("one answer is made for a request; ask again for another")
    return n


def _refused(why: str) -> Any:
    """Return a type for what is refused unless it asks for nothing: null, false, 0, or nothing in it."""

    def refuse(value: Any) -> None:
        if value:
            raise ValueError(why)

    return Annotated[Any, AfterValidator(refuse)]


class Loose(BaseModel):
    """Clients send more than is documented: what isn't known is overlooked."""

    model_config = ConfigDict(strict=True, extra="ignore")


class Kept(BaseModel):
    """Goes to the engine as it came."""

    model_config = ConfigDict(strict=True, extra="allow")


class TextPart(Loose):
    type: Literal["text"]
    text: str


Texts = Annotated[list[TextPart], BeforeValidator(_parts)]


class ImageUrl(Loose):
    url: Annotated[dict[str, str], BeforeValidator(picture)]


class Picture(Loose):
    type: Literal["image_url"]
    image_url: ImageUrl


class Called(Loose):
    name: Name
    arguments: str


class ToolCall(Loose):
    id: Id
    type: Literal["function"] = "function"
    function: Called

    def plain(self) -> dict[str, str]:
        return {"id": self.id, "name": self.function.name, "arguments": self.function.arguments}


class SystemMessage(Loose):
    """What a model is told to be."""

    role: Literal["system", "developer"]
    content: Texts

    def plain(self) -> dict[str, Any]:
        """Return the message as completions keep it."""
        return {"role": "system", "content": _text(self.content)}


class Asked(Loose):
    """What somebody asks; of all messages only these have images."""

    role: Literal["user"]
    content: Annotated[list[Annotated[TextPart | Picture, Field(discriminator="type")]], BeforeValidator(_parts)]

    @property
    def images(self) -> int:
        """How many images there are to look at."""
        return sum(isinstance(part, Picture) for part in self.content)

    def plain(self) -> dict[str, Any]:
        images = [part.image_url.url for part in self.content if isinstance(part, Picture)]
        return {"role": "user", "content": _text(self.content), **({"images": images} if images else {})}


class Answered(Loose):
    role: Literal["assistant"]
    content: Texts | None = None
    tool_calls: Annotated[list[ToolCall], Field(max_length=128)] | None = None

    def plain(self) -> dict[str, Any]:
        calls = [call.plain() for call in self.tool_calls or ()]
        return {"role": "assistant", "content": _text(self.content or ()), **({"calls": calls} if calls else {})}


class Returned(Loose):
    role: Literal["tool"]
    content: Texts
    tool_call_id: Id

    def plain(self) -> dict[str, Any]:
        return {"role": "tool", "content": _text(self.content), "answers": self.tool_call_id}


Said = Annotated[SystemMessage | Asked | Answered | Returned, Field(discriminator="role")]


class Function(Kept):
    name: Name
    parameters: dict[str, Any] | None = None


class Tool(Kept):
    type: Literal["function"]
    function: Function


class Named(Loose):
    name: Name


class ToolChoice(Loose):
    type: Literal["function"]
    function: Named


class Schema(Kept):
    name: Name
    schema_: Annotated[dict[str, Any], Field(alias="schema")]


class Form(Kept):
    type: Literal["text", "json_object", "json_schema"]
    json_schema: Schema | None = None

    @model_validator(mode="after")
    def _has_its_schema(self) -> Self:
        if (self.type == "json_schema") != (self.json_schema is not None):
            raise ValueError("json_schema belongs to the type json_schema")
        return self


class StreamOptions(Loose):
    include_usage: bool = False


class Complete(Loose):
    most_values: ClassVar[int] = MANY_VALUES

    model: str = Field(min_length=1, max_length=300)
    messages: list[Said] = Field(min_length=1, max_length=2_000)
    stream: bool = False
    stream_options: StreamOptions | None = None
    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, ge=0, le=1)
    frequency_penalty: float | None = Field(default=None, ge=-2, le=2)
    presence_penalty: float | None = Field(default=None, ge=-2, le=2)
    max_tokens: int | None = Field(default=None, ge=1, le=1_000_000)
    max_completion_tokens: int | None = Field(default=None, ge=1, le=1_000_000)
    seed: int | None = Field(default=None, ge=-(2**31), le=2**31 - 1)
    stop: Annotated[list[Stop], Field(max_length=8), BeforeValidator(_several)] | None = None
    tools: Annotated[list[Tool], Field(max_length=128)] | None = None
    tool_choice: Literal["none", "auto", "required"] | ToolChoice | None = None
    parallel_tool_calls: bool | None = None
    response_format: Form | None = None
    reasoning_effort: Any = None  # a hint: a word that nobody knows yet is overlooked
    n: Annotated[int, Field(ge=1), AfterValidator(_one)] | None = None
    logprobs: _refused("no probabilities are told here") = None  # type: ignore[valid-type]
    top_logprobs: _refused("no probabilities are told here") = None  # type: ignore[valid-type]
    logit_bias: _refused("tokens are not weighed here") = None  # type: ignore[valid-type]
    audio: _refused("only text is answered here") = None  # type: ignore[valid-type]
    functions: _refused("say it by tools, which replaced functions") = None  # type: ignore[valid-type]
    function_call: _refused("say it by tool_choice, which replaced function_call") = None  # type: ignore[valid-type]
    web_search_options: _refused("nothing is searched here") = None  # type: ignore[valid-type]
    modalities: Annotated[list[Literal["text"]], Field(max_length=1)] | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        names = {tool.function.name for tool in self.tools or ()}
        if isinstance(self.tool_choice, ToolChoice) and self.tool_choice.function.name not in names:
            raise ValueError("tool_choice names none of the tools")
        if self.tool_choice == "required" and not names:
            raise ValueError("tool_choice is required, and there are no tools")
        _assert_answers_calls(self.messages)
        if sum(message.images for message in self.messages if isinstance(message, Asked)) > MOST_IMAGES:
            raise ValueError(f"at most {MOST_IMAGES} images are looked at")
        return self

    def options(self) -> dict[str, Any]:
        """Return how the model is to sample, as turns keep it."""
        named = {
            "temperature": self.temperature, "top_p": self.top_p, "seed": self.seed, "stop": self.stop or None,
            "frequency_penalty": self.frequency_penalty, "presence_penalty": self.presence_penalty,
            "max_tokens": self.max_completion_tokens or self.max_tokens, "effort": self.reasoning_effort if self.reasoning_effort in get_args(Effort) else None,
        }  # fmt: skip
        return {name: value for name, value in named.items() if value is not None}

    def demands(self) -> dict[str, Any]:
        """Return the tools and the form that the engine is sent."""
        asked = self.model_dump(include={"tools", "tool_choice", "parallel_tool_calls"}, exclude_unset=True, by_alias=True)
        form = self.response_format
        told = {"response_format": form.model_dump(exclude_unset=True, by_alias=True)} if form and form.type != "text" else {}
        wanted = {name: value for name, value in asked.items() if value is not None} if self.tools else {}
        return {**wanted, **told}

    @property
    def wants_usage(self) -> bool:
        return self.stream_options is not None and self.stream_options.include_usage


def _text(content: Sequence[TextPart | Picture]) -> str:
    return "".join(part.text for part in content if isinstance(part, TextPart))


def _assert_answers_calls(messages: Sequence[SystemMessage | Asked | Answered | Returned]) -> None:
    made: set[str] = set()
    for number, message in enumerate(messages):
        if isinstance(message, Answered):
            made |= {call.id for call in message.tool_calls or ()}
        if isinstance(message, Returned) and message.tool_call_id not in made:
            raise ValueError(f"messages.{number} answers a tool call that no message before it makes")
