"""The key that personal links are made with: a file beside the database, never in it."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from hub.domain.links import LinkKey

BYTES = 32
NAME = "links.key"


def link_key(directory: Path) -> LinkKey:
    """The house's key, made at the first start. Raises ``ValueError`` for a file that is no key."""
    path = directory / NAME
    if not path.exists():
        _make(path)
    key = path.read_bytes()
    if len(key) != BYTES:
        raise ValueError(
            f"{path} is not the key of personal links. Put it back from a backup, or remove it: "
            "links sent again are new ones then."
        )
    return LinkKey(key)


def _make(path: Path) -> None:
    """Whole or not at all; of two who make it at once the first one's counts."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f"{NAME}.") as draft:  # readable by us alone
        draft.write(secrets.token_bytes(BYTES))
        draft.flush()
        os.fsync(draft.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(draft.name)
