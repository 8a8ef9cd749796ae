"""What can answer now; and what everybody may ask of any installation: is it well, how does one talk to it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from functions import openapi_document
from functions.http.auth import signed_in
from functions.http.operation import operation
from functions.schemas.responses import Health, Models
from olamchat.services.models import listing

bp = Blueprint("models", __name__, url_prefix="/api")


@bp.get("/models")
@operation(response=Models)
@signed_in
def offered(user_id: UUID) -> dict[str, Any]:
    """List what can answer now: models and assistants, where they run, and whether they are loaded."""
    return listing.offered(user_id=user_id)


@bp.get("/health")
@operation(response=Health)
def health() -> dict[str, str]:
    """Say that the API is reached."""
    return {"status": "ok"}


@bp.get("/openapi.json")
@operation()
def document() -> Response:
    """Return this document."""
    return Response(openapi_document.encoded(), content_type="application/json")
