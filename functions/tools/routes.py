"""What a person's answers may do: the servers whose tools they may use."""

from typing import Any
from uuid import UUID

from flask import Blueprint

from functions.http.auth import signed_in
from functions.http.operation import operation
from functions.schemas.tools import UsableServers
from olamchat.services.steps import servers

bp = Blueprint("tools", __name__, url_prefix="/api/tools")


@bp.get("")
@operation(response=UsableServers)
@signed_in
def usable(user_id: UUID) -> dict[str, Any]:
    """List the servers whose tools you may use, with these."""
    return servers.usable(user_id=user_id)
