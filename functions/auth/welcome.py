"""What somebody who has just signed in is given: cookies for a browser, tokens for a program."""

from flask import Response

from functions.auth import known_device
from functions.http import auth
from functions.http.messages import json_response
from olamchat.services.people.accounts import SignedIn


def welcome(session: SignedIn, *, by_cookie: bool, status: int = 200) -> Response:
    """Return who is signed in, with the session's tokens."""
    tokens = auth.mint(session)
    if not by_cookie:
        pair = {"access_token": tokens.access, "refresh_token": tokens.refresh, "expires_in": tokens.expires_in}
        return json_response({"user": session.user, **pair}, status)
    response = json_response({"user": session.user}, status)
    auth.set_cookies(response, tokens)
    known_device.remember(response, session.user["email"])
    return response
