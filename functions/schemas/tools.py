"""What the routes about tools take and give."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from functions.http.messages import Body
from functions.schemas.admin import MOST_GROUPS, MOST_PEOPLE, Audience, ChosenGroup, ChosenPerson
from functions.schemas.answer import Answer
from functions.schemas.requests import Id, ServerName

Effect = Literal["read", "idempotent", "write"]
Approval = Literal["always", "writes", "never"]


class ServerSettings(Body):
    """All that is said of a server. `token_variable` names a variable of the step workers, which has the token; the token is never told here."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    url: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)] = ""
    auth: Literal["none", "bearer", "oauth"] = "none"
    token_variable: Annotated[str, StringConstraints(max_length=200, pattern=r"^[A-Z0-9_]*$")] = ""
    audience: Audience = "everyone"
    people: list[Id] = Field(default=[], max_length=MOST_PEOPLE)
    groups: list[Id] = Field(default=[], max_length=MOST_GROUPS)
    approval: Approval = "writes"
    usual: bool = Field(default=True, description="Whether conversations have it unless they say otherwise.")


class AddServer(ServerSettings):
    name: ServerName


class CorrectTool(Body):
    """What an administrator says of a tool, null for what its server says and for the server's rule."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=10_000)]
    own_effect: Effect | None = None
    approval: Approval | None = None
    enabled: bool = True


class ServerProblem(Answer):
    code: str
    message: str


class ManagedTool(Answer):
    """A tool as its server describes it, and what administrators say otherwise."""

    name: str
    title: str
    description: str
    parameters: dict[str, Any]
    effect: Effect
    own_effect: Effect | None
    outside: bool
    approval: Approval | None
    enabled: bool


class ManagedServer(Answer):
    name: str
    title: str
    kind: Literal["http", "stdio", "built_in"]
    url: str
    auth: Literal["none", "bearer", "oauth"]
    token_variable: str
    audience: Audience
    people: list[ChosenPerson]
    groups: list[ChosenGroup]
    approval: Approval
    usual: bool
    checked_at: AwareDatetime | None
    problem: ServerProblem | None = Field(description="What was wrong when it was looked at last.")
    tools: list[ManagedTool]


class ManagedServers(Answer):
    items: list[ManagedServer]


class UsableTool(Answer):
    name: str
    title: str
    description: str
    effect: Effect
    outside: bool
    approval: Approval


class UsableServer(Answer):
    """A server whose tools the person may use; `usual` ones are on in a conversation that says nothing."""

    name: str
    title: str
    kind: Literal["http", "stdio", "built_in"]
    usual: bool
    working: bool
    tools: list[UsableTool]


class UsableServers(Answer):
    items: list[UsableServer]
    resources: bool = Field(description="Whether a server has something to attach.")
    asking: list[UUID] = Field(description="Conversations in which a step waits for your word.")


class Connection(Answer):
    """A server that wants to know who asks, and the person's connection to it: `scope` is what it lets olamchat do."""

    name: str
    title: str
    url: str
    connected: bool
    scope: str
    problem: ServerProblem | None
    connected_at: AwareDatetime | None


class Connections(Answer):
    items: list[Connection]


class Gateway(Answer):
    """Where the person is to go to allow a connection."""

    address: str


class Returned(Body):
    """What the authorization server sent the person back with."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=4_000)]
    state: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    issuer: Annotated[str, StringConstraints(max_length=2_000)] | None = None
