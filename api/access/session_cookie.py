"""The session cookie: given at sign-in and taken back at sign-out, by pages and JSON alike (R-05)."""

from __future__ import annotations

from fastapi import Response

from api.access import accounts, audit
from api.access.accounts import SignedIn
from api.access.rights import COOKIE
from api.system import System


def give(response: Response, system: System, token: str) -> Response:
    """Set the cookie on an answer: out of reach of scripts and of other sites."""
    secure = system.settings.secure_cookie == "1"
    response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=secure, path="/")
    return response


def take_back(response: Response, system: System, person: SignedIn) -> Response:
    """End the session, with its audit entry, and remove the cookie."""
    with system.database.write() as session:
        accounts.sign_out(session, person.token_sha256)
        audit.record(session, person.viewer, "sign-out")
    response.delete_cookie(COOKIE, path="/")
    return response
