"""What is sealed is read by the right key alone, up to where it was torn, and not at all once changed."""

import io
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from media.gate.sealed import (
    MAGIC,
    NotOurs,
    SealedWriter,
    new_keys,
    read_private_key,
    read_public_key,
    unseal,
)

CHUNKS = [b"one", b"two" * 1000, b"three"]


def sealed(folder: Path, key: X25519PrivateKey, *, closed: bool = True) -> bytes:
    path = folder / f"{len(list(folder.iterdir()))}.sealed"
    writer = SealedWriter(path, key.public_key())
    for chunk in CHUNKS:
        writer.write(chunk)
    if closed:
        writer.close()
    else:
        writer.abandon()
    return path.read_bytes()


def read(data: bytes, key: X25519PrivateKey) -> tuple[list[bytes], bool]:
    chunks = unseal(io.BytesIO(data), key)
    found: list[bytes] = []
    while True:
        try:
            found.append(next(chunks))
        except StopIteration as end:
            return found, end.value


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    key = X25519PrivateKey.generate()
    data = sealed(tmp_path, key)
    assert read(data, key) == (CHUNKS, True)
    assert not any(chunk in data for chunk in CHUNKS)
    assert sealed(tmp_path, key) != data, "every file has a key of its own"


def test_a_torn_file_is_read_up_to_the_last_whole_chunk(tmp_path: Path) -> None:
    key = X25519PrivateKey.generate()
    data = sealed(tmp_path, key, closed=False)
    assert read(data, key) == (CHUNKS, False)
    for cut in (1, 20, 24):
        assert read(data[:-cut], key) == (CHUNKS[:2], False)


def test_no_other_key_and_no_change_passes(tmp_path: Path) -> None:
    key = X25519PrivateKey.generate()
    data = sealed(tmp_path, key)
    with pytest.raises(NotOurs, match="another key"):
        read(data, X25519PrivateKey.generate())
    start = len(MAGIC) + 32
    for place in (len(MAGIC), start + 4, start + 30, len(data) - 1):
        changed = bytearray(data)
        changed[place] ^= 1
        with pytest.raises(NotOurs):
            read(bytes(changed), key)
    without_first = data[:start] + data[start + 4 + len(CHUNKS[0]) + 16 :]
    for wrong in (without_first, data + b"x", b"hello", data[:start] + b"\xff" * 8):
        with pytest.raises(NotOurs):
            read(wrong, key)


def test_keys_are_pem(tmp_path: Path) -> None:
    secret, public = new_keys()
    (tmp_path / "key").write_bytes(secret)
    (tmp_path / "pub").write_bytes(public)
    private = read_private_key(tmp_path / "key")
    assert private.public_key() == read_public_key(tmp_path / "pub")
    for read_key in (read_private_key, read_public_key):
        (tmp_path / "junk").write_bytes(b"junk")
        with pytest.raises(ValueError, match=r"\w"):
            read_key(tmp_path / "junk")
