"""OAuth 2.1 as MCP wants it: discovery (RFC 9728, 8414), registration (RFC 7591), PKCE, tokens for one resource (RFC 8707), revocation (RFC 7009).

Everything is a value that can be sealed; what is HTTP is given. The addresses that a server names are used as they are: an administrator
chose the server.
"""

import base64
import hashlib
import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2
from mcp.client.auth import utils
from mcp.shared.auth import OAuthClientMetadata, OAuthMetadata

# A token is renewed before it runs out on the way.
EARLY_S = 30.0
NAME = "olamchat"
_PROBE = {"jsonrpc": "2.0", "id": 0, "method": "ping"}


class Refused(Exception):
    """The authorization server says no, or something that is no OAuth. The words are for the person."""


async def discover(http: httpx2.AsyncClient, url: str) -> dict[str, Any]:
    """Return {metadata, resource, scope} of the authorization server that guards an MCP server. Raises Refused, httpx2's errors."""
    asked = await http.post(url, json=_PROBE, headers={"Accept": "application/json, text/event-stream"})
    named = utils.extract_resource_metadata_from_www_auth(asked)
    resource = None
    for address in utils.build_protected_resource_metadata_discovery_urls(named, url):
        if resource := await utils.handle_protected_resource_response(await http.get(address)):
            break
    guard = str(resource.authorization_servers[0]) if resource and resource.authorization_servers else None
    metadata = await _metadata(http, guard, url)
    scope = utils.get_client_metadata_scopes(
        utils.extract_scope_from_www_auth(asked), resource, metadata, ["authorization_code", "refresh_token"]
    )
    return {"metadata": metadata.model_dump(mode="json"), "resource": str(resource.resource) if resource else url, "scope": scope or ""}


async def _metadata(http: httpx2.AsyncClient, guard: str | None, url: str) -> OAuthMetadata:
    for address in utils.build_oauth_authorization_server_metadata_discovery_urls(guard, url):
        _, metadata = await utils.handle_auth_metadata_response(await http.get(address))
        if metadata is None:
            continue
        if guard and not utils.issuers_match(str(metadata.issuer), guard):
            raise Refused("The authorization server calls itself by another name than the server does.")
        if "S256" not in (metadata.code_challenge_methods_supported or []):
            raise Refused("The authorization server does not know PKCE, without which a code could be stolen.")
        return metadata
    raise Refused("The server names no authorization server that describes itself.")


async def register(http: httpx2.AsyncClient, found: Mapping[str, Any], redirect_uri: str) -> dict[str, Any]:
    """Make olamchat known to the authorization server; return {client_id, client_secret, method}. Raises Refused, httpx2's errors."""
    endpoint = found["metadata"].get("registration_endpoint")
    if not endpoint:
        raise Refused("The authorization server takes no new clients by itself.")
    wanted = OAuthClientMetadata.model_validate({
        "client_name": NAME, "redirect_uris": [redirect_uri], "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"],
        "token_endpoint_auth_method": "none", "scope": found["scope"] or None,
    })  # fmt: skip
    answer = await http.post(endpoint, json=wanted.model_dump(mode="json", exclude_none=True))
    said = _json(answer)
    if answer.status_code not in {200, 201} or not said.get("client_id"):
        raise Refused(f"The authorization server did not register olamchat: {_why(answer, said)}")
    method = said.get("token_endpoint_auth_method") or "none"
    return {
        "client_id": said["client_id"],
        "client_secret": said.get("client_secret") or "",
        "method": method,
        "redirect_uri": redirect_uri,
    }


def authorization(client: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return where to send a person, the state that they must come back with, and the verifier of their code."""
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    asked = {
        "response_type": "code", "client_id": client["client_id"], "redirect_uri": client["redirect_uri"], "state": state,
        "code_challenge": challenge, "code_challenge_method": "S256", "resource": client["resource"],
        **({"scope": client["scope"]} if client["scope"] else {}),
    }  # fmt: skip
    endpoint = client["metadata"]["authorization_endpoint"]
    if urlsplit(endpoint).scheme not in {"https", "http"}:
        raise Refused("The authorization server's page has no address that a browser may open.")
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}", state, verifier


async def exchange(http: httpx2.AsyncClient, client: Mapping[str, Any], *, code: str, issuer: str | None, verifier: str) -> dict[str, Any]:
    """Return the tokens that a code is good for. Raises Refused, httpx2's errors."""
    if issuer is None and client["metadata"].get("authorization_response_iss_parameter_supported"):
        raise Refused("The answer did not say which authorization server it is from.")
    if issuer is not None and not utils.issuers_match(issuer, client["metadata"]["issuer"]):
        raise Refused("The answer is from another authorization server than the one that was asked.")
    return await _tokens(
        http, client, {"grant_type": "authorization_code", "code": code, "redirect_uri": client["redirect_uri"], "code_verifier": verifier}
    )


async def refresh(http: httpx2.AsyncClient, client: Mapping[str, Any], tokens: Mapping[str, Any]) -> dict[str, Any]:
    """Return fresh tokens. Raises Refused where the person has to connect again, httpx2's errors where it is worth another try."""
    if not tokens.get("refresh_token"):
        raise Refused("The connection has run out.")
    fresh = await _tokens(http, client, {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]})
    return {**fresh, "refresh_token": fresh["refresh_token"] or tokens["refresh_token"], "scope": fresh["scope"] or tokens["scope"]}


async def revoke(http: httpx2.AsyncClient, client: Mapping[str, Any], tokens: Mapping[str, Any]) -> None:
    """Give tokens back where the server takes them. Raises Refused, httpx2's errors."""
    endpoint = client["metadata"].get("revocation_endpoint")
    for kind in ("refresh_token", "access_token") if endpoint else ():
        if tokens.get(kind):
            await _revoke(http, endpoint, client, {"token": tokens[kind], "token_type_hint": kind})


async def _revoke(http: httpx2.AsyncClient, endpoint: str, client: Mapping[str, Any], asked: dict[str, str]) -> None:
    answer = await _post(http, endpoint, client, asked)
    if answer.status_code == 400 and not client["client_secret"]:  # servers made with MCP's SDK insist on the field, be it empty
        answer = await _post(http, endpoint, client, {**asked, "client_secret": ""})
    if answer.is_error:
        raise Refused(f"The authorization server did not take the token back: {_why(answer, _json(answer))}")


def is_fresh(tokens: Mapping[str, Any]) -> bool:
    return tokens["expires_at"] is None or bool(time.time() < tokens["expires_at"] - EARLY_S)


async def _tokens(http: httpx2.AsyncClient, client: Mapping[str, Any], asked: dict[str, str]) -> dict[str, Any]:
    answer = await _post(http, client["metadata"]["token_endpoint"], client, {**asked, "resource": client["resource"]})
    said = _json(answer)
    if answer.status_code >= 500:
        answer.raise_for_status()
    if answer.status_code != 200 or not said.get("access_token") or str(said.get("token_type", "")).lower() != "bearer":
        raise Refused(f"The authorization server gave no token: {_why(answer, said)}")
    lasts = said.get("expires_in")
    expires_at = time.time() + float(lasts) if isinstance(lasts, int | float) else None
    scope = str(said.get("scope") or client["scope"])
    return {
        "access_token": said["access_token"], "refresh_token": said.get("refresh_token") or "", "scope": scope, "expires_at": expires_at,
    }  # fmt: skip


async def _post(http: httpx2.AsyncClient, endpoint: str, client: Mapping[str, Any], asked: dict[str, str]) -> httpx2.Response:
    own = {"client_id": client["client_id"]}
    if client["method"] == "client_secret_basic":
        return await http.post(endpoint, data=asked, auth=(client["client_id"], client["client_secret"]))
    if client["client_secret"]:
        own["client_secret"] = client["client_secret"]
    return await http.post(endpoint, data={**asked, **own})


def _json(answer: httpx2.Response) -> dict[str, Any]:
    try:
        said = answer.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _why(answer: httpx2.Response, said: Mapping[str, Any]) -> str:
    return str(said.get("error_description") or said.get("error") or f"status {answer.status_code}")[:300]
