"""Personal links that can be sent again, though the database holds nothing that opens them.

A link's token is made of a random number, which the database keeps, and a key, which it does not (HMAC,
RFC 2104). Whoever reads the database, or a copy of it, still has no link; and the link in a reminder is the
one from the first e-mail, so that the browser that was checked yesterday is known today.
"""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Protocol

from hub.domain.clock import Tokens
from hub.domain.hashes import hashed

TOKEN_BYTES = 24
CODE_CHARACTERS = 8
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L and O, which look like digits, and no U, so that few words come of it."""
_LOOKS_LIKE = str.maketrans("ILO", "110")


class Linked(Protocol):
    """A row that a link leads to."""

    link_nonce: str
    token_hash: str


class LinkKey:
    """The key of this house. Without it, links that were given out still work; those sent again are new."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def token(self, nonce: str) -> str:
        """What stands in the link's address: 192 bits that nobody guesses."""
        digest = hmac.digest(self._key, nonce.encode(), sha256)
        return urlsafe_b64encode(digest[:TOKEN_BYTES]).decode()

    def of(self, row: Linked) -> str | None:
        """The link that works now; None when it cannot be made again."""
        token = self.token(row.link_nonce)
        return token if row.link_nonce and hashed(token) == row.token_hash else None

    def code(self, row: Linked) -> str | None:
        """The same link as eight characters to be said on a telephone, ``K7QM-2XPA``.

        That is 40 bits, which alone open nothing: the surname is asked for as well, and whoever tries many
        has to wait. It changes with the link, and is None when the link cannot be made again.
        """
        if self.of(row) is None:
            return None
        digest = hmac.digest(self._key, f"code of {row.link_nonce}".encode(), sha256)
        characters = [ALPHABET[byte % len(ALPHABET)] for byte in digest[:CODE_CHARACTERS]]
        half = CODE_CHARACTERS // 2
        return f"{''.join(characters[:half])}-{''.join(characters[half:])}"

    def renew(self, row: Linked, tokens: Tokens) -> str:
        """Another link; the one before stops working."""
        row.link_nonce = tokens.new()
        token = self.token(row.link_nonce)
        row.token_hash = hashed(token)
        return token


def same_code(code: str, said: str) -> bool:
    """Whether they are one code, however it was typed: small letters, without the hyphen, O for 0."""
    return hmac.compare_digest(_plain(code), _plain(said))


def _plain(code: str) -> bytes:
    letters = "".join(character for character in code.upper() if character.isascii() and character.isalnum())
    return letters.translate(_LOOKS_LIKE).encode()
