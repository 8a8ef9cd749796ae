"""Asks an OpenID provider about each token that comes (RFC 7662), as a tool server does that has no authorization server of its own."""

import httpx2
from mcp.server.auth.provider import AccessToken, TokenVerifier

# The client of tests/security/node/provider.mjs that may ask.
CLIENT = ("olamchat", "the secret of the client, which nobody else knows")


class Asking(TokenVerifier):
    """Knows nothing by itself: a token that was revoked a moment ago is refused."""

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer

    async def verify_token(self, token: str) -> AccessToken | None:
        async with httpx2.AsyncClient() as http:
            answer = await http.post(f"{self._issuer}/token/introspection", data={"token": token}, auth=CLIENT)
        said = answer.raise_for_status().json()
        if not said["active"]:
            return None
        return AccessToken(
            token=token,
            client_id=said["client_id"],
            scopes=said["scope"].split(),
            expires_at=said["exp"],
            resource=said["aud"],
            subject=said["sub"],
        )
