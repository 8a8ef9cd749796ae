"""What tool servers offer besides tools: prompts and resources."""

from typing import Annotated

from pydantic import Field, StringConstraints

from functions.http.messages import Body
from functions.schemas.answer import Answer
from functions.schemas.requests import ServerName

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class PromptArgument(Answer):
    name: str
    description: str
    required: bool


class ServerPrompt(Answer):
    """A prompt of a server, which makes a message of it and of its arguments."""

    server: str
    server_title: str
    name: str
    title: str
    description: str
    arguments: list[PromptArgument]


class ServerPrompts(Answer):
    items: list[ServerPrompt]


class UsePrompt(Body):
    """A prompt of a server by its name, and the values of its arguments."""

    server: ServerName
    name: Name
    arguments: dict[Name, Annotated[str, StringConstraints(max_length=20_000)]] = Field(default={}, max_length=20)


class PromptText(Answer):
    text: str
    left_out: int = Field(description="How many parts of the prompt are no text or had no room.")


class Resource(Answer):
    uri: str
    name: str
    title: str
    description: str
    media_type: str


class ResourceTemplate(Answer):
    """Addresses of resources with holes in them: `{name}` is to be percent-encoded, `{+name}` may have slashes."""

    uri_template: str
    name: str
    title: str
    description: str
    media_type: str


class ResourceServer(Answer):
    name: str
    title: str
    resources: list[Resource]
    templates: list[ResourceTemplate]


class ServerResources(Answer):
    items: list[ResourceServer]
