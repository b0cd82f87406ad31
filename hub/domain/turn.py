"""Credentials for a TURN server that knows no users: valid for a while, made of a secret we share with it.

As coturn's ``use-auth-secret`` has it (draft-uberti-behave-turn-rest-00): the name is a Unix time and a
label, the password an HMAC-SHA1 of the name. The server refuses the name after its time.
"""

import hmac
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

LIFE = timedelta(hours=12)
"""Longer than the longest meeting: the server asks for the name again whenever a connection is refreshed."""

IceServer = dict[str, str | list[str]]
"""As browsers take it (``RTCIceServer``)."""


@dataclass(frozen=True, slots=True)
class TurnServers:
    """Where they are, and the secret."""

    urls: tuple[str, ...] = ()
    secret: str = ""

    def servers(self, label: str, now: datetime) -> list[IceServer]:
        """What a browser is given; nothing when there is no server. ``label`` stands in the server's log."""
        if not self.urls:
            return []
        username = f"{int((now + LIFE).timestamp())}:{label}"
        password = hmac.digest(self.secret.encode(), username.encode(), "sha1")
        return [{"urls": list(self.urls), "username": username, "credential": b64encode(password).decode()}]
