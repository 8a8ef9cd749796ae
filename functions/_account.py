"""What requests about one's own account say, as models."""

from pydantic import Field

from functions._http import Body, Query
from functions._requests import Password


class DeleteMe(Body):
    """Who has a password says it once more; who signs in by a provider alone says their e-mail."""

    password: Password = ""
    email: str = Field(default="", max_length=254)


class EndSessions(Query):
    others: bool = Field(default=False, description="All sessions but the one that asks.")
