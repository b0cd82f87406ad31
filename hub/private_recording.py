"""The reader's end of private recordings: keys, and decryption. Never on the hub's path."""

import os
from pathlib import Path

from media.gate.sealed import NotOurs, new_keys, read_private_key, unseal


def make_keys(private: Path) -> Path:
    """Write a private key, readable by its owner alone, and the public one; gives the public one's path.

    Raises ``FileExistsError`` rather than overwrite a key.
    """
    secret, public = new_keys()
    descriptor = os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret)
    path = private.with_name(private.name + ".pub")
    with path.open("xb") as file:
        file.write(public)
    return path.resolve()


def decrypt_file(sealed: Path, key: Path, out: Path) -> tuple[int, str]:
    """An exit code and a sentence. What was decrypted before a fault was met is removed again."""
    try:
        private = read_private_key(key)
    except (OSError, ValueError) as error:
        return 1, f"The key cannot be read: {error}"
    try:
        with sealed.open("rb") as source, out.open("xb") as target:
            chunks = unseal(source, private)
            try:
                while True:
                    target.write(next(chunks))
            except StopIteration as end:
                whole = bool(end.value)
    except FileExistsError:
        return 1, f"{out} is there already and is left as it is."
    except (OSError, NotOurs) as error:
        out.unlink(missing_ok=True)
        return 1, f"{sealed} was not decrypted: {error}"
    if whole:
        return 0, f"{out} is complete."
    return 0, f"{out} ends where the recording was interrupted; all before that is there."
