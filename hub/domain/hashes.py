"""Tokens are stored as hashes only. They are random enough that no salt is needed."""

from hashlib import sha256


def hashed(token: str) -> str:
    """What the database keeps of a token."""
    return sha256(token.encode(errors="replace")).hexdigest()
