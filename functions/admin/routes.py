"""Administration: people, invitations, usage, the audit log. For administrators, by their sessions or by a key of theirs with the scope admin."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from functions.admin import groups, pulls, tools
from functions.http.auth import administrator, refuse_key
from functions.http.messages import read, read_query
from functions.http.operation import operation
from functions.schemas.admin import ChangeModel, ManagedModels, NameModel, OrderModels, Pools
from functions.schemas.requests import ChangeUser, ExportAudit, ListAudit, ListUsage, ListUsers, NewInvitation, Nothing
from functions.schemas.responses import AuditEvents, Invitations, MadeInvitation, NewPassword, SeenUser, SeenUsers, Spending
from olamchat.errors import Conflict, NotFound
from olamchat.services.models import catalogue_admin, pools
from olamchat.services.people import accounts, administration, audit, second_factor, sign_up_policy

bp = Blueprint("admin", __name__, url_prefix="/api/admin")
bp.register_blueprint(pulls.bp)
bp.register_blueprint(tools.bp)
bp.register_blueprint(groups.bp)


@bp.get("/users")
@operation(query=ListUsers, response=SeenUsers)
@administrator
def people(user_id: UUID) -> dict[str, Any]:  # noqa: ARG001, every administrator sees the same
    """List people, the newest account first."""
    asked = read_query(ListUsers)
    return administration.people(limit=asked.limit, before=asked.cursor, q=asked.q)


@bp.patch("/users/<uuid:person_id>")
@operation(body=ChangeUser, response=SeenUser, refuses=(Conflict,))
@administrator
def change(user_id: UUID, person_id: UUID) -> dict[str, Any]:
    """Change a person's role or quota, disable them, or let them in again. No API key makes administrators."""
    said = read(ChangeUser).said()
    if said.get("role") == "admin":
        refuse_key()
    return administration.change(by=user_id, user_id=person_id, said=said)


@bp.post("/users/<uuid:person_id>/reset")
@operation(body=Nothing, response=NewPassword)
@administrator
def reset(user_id: UUID, person_id: UUID) -> dict[str, str]:
    """Give a person a new password and end their sessions. No API key does."""
    refuse_key()
    read(Nothing)
    return {"password": administration.reset(by=user_id, user_id=person_id)}


@bp.delete("/users/<uuid:person_id>/sessions")
@operation(status=204)
@administrator
def sign_out(user_id: UUID, person_id: UUID) -> None:
    """End all sessions of a person."""
    accounts.sign_out_everywhere(user_id=person_id, by=user_id)


@bp.delete("/users/<uuid:person_id>/second-factor")
@operation(status=204)
@administrator
def reset_second_factor(user_id: UUID, person_id: UUID) -> None:
    """Turn a person's two-step sign-in off, who has lost app and codes. No API key does."""
    refuse_key()
    second_factor.reset(by=user_id, user_id=person_id)


@bp.get("/invitations")
@operation(response=Invitations)
@administrator
def invitations(user_id: UUID) -> dict[str, Any]:  # noqa: ARG001, every administrator sees the same
    """List the newest invitations."""
    return {"items": sign_up_policy.invited()}


@bp.post("/invitations")
@operation(status=201, body=NewInvitation, response=MadeInvitation)
@administrator
def invite(user_id: UUID) -> dict[str, Any]:
    """Invite somebody. The token is told this once. No API key invites administrators."""
    said = read(NewInvitation)
    if said.role == "admin":
        refuse_key()
    email = None if said.email is None else accounts.normal_email(said.email)
    return sign_up_policy.invite(by=user_id, email=email, role=said.role, days=said.days)


@bp.delete("/invitations/<uuid:invitation_id>")
@operation(status=204)
@administrator
def take_back(user_id: UUID, invitation_id: UUID) -> None:
    """Take an invitation back that nobody has used."""
    sign_up_policy.take_back(by=user_id, invitation_id=invitation_id)


@bp.get("/models")
@operation(response=ManagedModels)
@administrator
def models(user_id: UUID) -> dict[str, Any]:  # noqa: ARG001, every administrator sees the same
    """List every model that is offered or that something is said of."""
    return {"items": catalogue_admin.listed()}


@bp.put("/models")
@operation(status=204, body=ChangeModel)
@administrator
def change_model(user_id: UUID) -> None:
    """Say who sees a model, its name for people, and how it samples where nobody says otherwise."""
    said = read(ChangeModel)
    catalogue_admin.change(by=user_id, **said.model_dump(exclude={"options"}), options=said.options.given())


@bp.put("/models/order")
@operation(status=204, body=OrderModels)
@administrator
def order_models(user_id: UUID) -> None:
    """Put these models first, in this order; the others come by how soon they can answer."""
    catalogue_admin.order(by=user_id, names=read(OrderModels).names)


@bp.post("/models/forget")
@operation(status=204, body=NameModel, refuses=(NotFound,))
@administrator
def forget_model(user_id: UUID) -> None:
    """Say nothing of a model any more: it is everybody's, as its engine offers it."""
    catalogue_admin.forget(by=user_id, name=read(NameModel).name)


@bp.get("/pools")
@operation(response=Pools)
@administrator
def state_of_pools(user_id: UUID) -> dict[str, Any]:  # noqa: ARG001, every administrator sees the same
    """Tell what waits and runs in each pool, who works, and which engines answer."""
    return pools.state()


@bp.get("/usage")
@operation(query=ListUsage, response=Spending)
@administrator
def usage(user_id: UUID) -> dict[str, Any]:  # noqa: ARG001, every administrator sees the same
    """Tell what answers took, by day, person and model."""
    return {"items": administration.usage(days=read_query(ListUsage).days)}


@bp.get("/audit")
@operation(query=ListAudit, response=AuditEvents)
@administrator
def log(user_id: UUID) -> dict[str, Any]:  # noqa: ARG001, every administrator sees the same
    """List what has happened, the newest first."""
    asked = read_query(ListAudit)
    return audit.page(limit=asked.limit, before=asked.cursor, event=asked.event, q=asked.q)


@bp.get("/audit/export")
@operation(query=ExportAudit, media=("application/x-ndjson",))
@administrator
def export(user_id: UUID) -> Response:
    """Return the whole audit log, or what of it is asked for: a JSON object a line, the newest first."""
    asked = read_query(ExportAudit)
    audit.note("audit.exported", actor_id=user_id)
    headers = {"Content-Disposition": 'attachment; filename="audit.ndjson"'}
    return Response(_lines(asked), content_type="application/x-ndjson", headers=headers)


def _lines(asked: ExportAudit) -> Iterator[str]:
    cursor = None
    while True:
        page = audit.page(limit=1_000, before=cursor, event=asked.event, q=asked.q)
        yield from (json.dumps(item, ensure_ascii=False) + "\n" for item in page["items"])
        cursor = page["next_cursor"]
        if cursor is None:
            return
