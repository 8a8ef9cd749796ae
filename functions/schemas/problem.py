"""What every refusal of the API says."""

from pydantic import BaseModel, ConfigDict, Field


class FieldError(BaseModel):
    field: str
    message: str


class Problem(BaseModel):
    """A refusal, as RFC 9457 has it: `code` is for programs and stays, `detail` is a sentence for people."""

    model_config = ConfigDict(extra="allow")
    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldError] = Field(default=[], description="Which fields were refused, and why.")
