"""What is said of an answer's steps: the shapes that olamchat.services.steps.shape makes."""

from typing import Any, Literal

from pydantic import AwareDatetime, Field

from functions.schemas.answer import Answer
from functions.schemas.citations import Place


class StepFailure(Answer):
    code: str
    message: str


class StepProgress(Answer):
    done: float
    total: float | None
    message: str | None


class Source(Answer):
    """A place of the web that an answer has read of; a passage of a document has an address of its own kind, `document:`."""

    url: str
    title: str


class Option(Answer):
    value: str
    title: str


class QuestionField(Answer):
    """A field of a form. `least` and `most` bound a number, the length of a text, or how many are chosen."""

    name: str
    kind: Literal["text", "number", "integer", "yes_or_no", "choice", "several"]
    title: str
    hint: str
    required: bool
    options: list[Option]
    format: Literal["email", "uri", "date", "date-time"] | None
    least: float | None
    most: float | None
    preset: str | bool | int | float | list[str] | None = Field(description="What the server proposes.")


class Question(Answer):
    """What a server asks the person in the middle of a call: a form, or a page that they are to open at `url`."""

    message: str
    url: str | None
    fields: list[QuestionField]


class Step(Answer):
    """One call of one tool. It stands in the answer's text `at` an offset. Of two tellings the one with the higher `revision` is the newer.

    `proposed` and `unknown` wait for the person's word: may it be done, and (`unknown`) it may have happened: is it to be done again?
    """

    number: int
    state: Literal["proposed", "granted", "running", "done", "failed", "refused", "stopped", "unknown"]
    attempt: int
    revision: int
    server: str
    tool: str
    title: str
    effect: Literal["read", "idempotent", "write"]
    outside: bool = Field(description="Whether the tool may bring text that strangers wrote.")
    arguments: str = Field(description="JSON as the model wrote it, or its beginning.")
    preview: str = Field(description="The beginning of the result's text.")
    sources: list[Source] = Field(
        description="What the tool brought from the web and from documents. An answer's sources are numbered through its steps."
    )
    passages: int = Field(description="How many passages of documents the answer was given to cite: its sources are numbered after them.")
    error: StepFailure | None
    decision: Literal["grant", "grant_for_conversation", "refuse"] | None
    question: Question | None = Field(description="What its server asks the person; it waits for the answer.")
    at: int
    reasoning_at: int
    progress: StepProgress | None
    created_at: AwareDatetime
    started_at: AwareDatetime | None
    finished_at: AwareDatetime | None


class StepPart(Answer):
    """A piece of a result: text, an image (base64 in `data`), a link, or a source with what was read of it in `text`."""

    type: Literal["text", "image", "link", "source"]
    text: str | None = None
    media_type: str | None = None
    data: str | None = None
    url: str | None = None
    passage: Place | None = Field(None, description="Of a source that is a passage of a document, where it stands.")
    title: str | None = None


class StepResult(Answer):
    content: list[StepPart]
    structured: Any = None
    cut: bool = Field(description="Whether something of the result was not kept.")


class WholeStep(Step):
    """A step with all of its arguments and its result."""

    note: str
    result: StepResult | None
