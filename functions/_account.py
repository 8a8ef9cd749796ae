"""What requests about one's own account say, as models."""

from pydantic import Field

from functions._http import Body, Query
from functions._requests import Password


class DeleteMe(Body):
    password: Password = Field(description="The person's password, once more.")


class EndSessions(Query):
    others: bool = Field(default=False, description="All sessions but the one that asks.")
