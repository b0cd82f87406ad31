"""A file that can be written by everybody who has a public key, and read with the private one alone.

Hybrid encryption as age has it (https://age-encryption.org/v1), with our own header: an X25519 key made for
this file agrees with the reader's (RFC 7748); HKDF-SHA256 (RFC 5869) makes of it a key for ChaCha20-Poly1305
(RFC 8439). The content is a row of chunks in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár
2015): a nonce is the chunk's number and whether it is the last, so that chunks cannot be left out, exchanged
or taken for the end unseen. The writer forgets the file's private key at once: what lies on disk is as secret
from this machine as from everybody else.

::

    header   MAGIC, ephemeral public key (32 bytes)
    chunk    length of the ciphertext (4 bytes, big-endian), ciphertext with its tag; and so on
"""

import os
import struct
from collections.abc import Generator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

MAGIC = b"MOOTHALL-PRIVATE-1\n"
LONGEST_CHUNK = 4 * 1024 * 1024
_LENGTH = struct.Struct(">I")
_TAG = 16
_INFO = b"Moot Hall private recording"


class NotOurs(Exception):  # noqa: N818  names what was found
    """The file is none of ours, was tampered with, or is for another key; ``str`` says which."""


def new_keys() -> tuple[bytes, bytes]:
    """A private and a public key, PEM."""
    private = X25519PrivateKey.generate()
    secret = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return secret, private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def read_public_key(path: Path) -> X25519PublicKey:
    """Raises ``OSError``, and ``ValueError`` when it is not the PEM of an X25519 public key."""
    key = load_pem_public_key(path.read_bytes())
    if not isinstance(key, X25519PublicKey):
        raise ValueError("It is not an X25519 public key.")
    return key


def read_private_key(path: Path) -> X25519PrivateKey:
    """Raises ``OSError``, and ``ValueError`` when it is not the PEM of an X25519 private key."""
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, X25519PrivateKey):
        raise ValueError("It is not an X25519 private key.")
    return key


class SealedWriter:
    """A new file. Each chunk is on disk when ``write`` returns; all methods block and raise ``OSError``."""

    def __init__(self, path: Path, reader: X25519PublicKey) -> None:
        ephemeral = X25519PrivateKey.generate()
        public = ephemeral.public_key().public_bytes_raw()
        self._cipher = _cipher(ephemeral.exchange(reader), public, reader.public_bytes_raw())
        self._number = 0
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        self._file = os.open(path, flags, 0o600)
        self._put(MAGIC + public)

    def write(self, data: bytes) -> None:
        """Seal and sync one chunk, 4 MB at most."""
        self._chunk(data, last=False)

    def close(self) -> None:
        """Seal the end and close."""
        try:
            self._chunk(b"", last=True)
        finally:
            os.close(self._file)

    def abandon(self) -> None:
        """Close without an end, as a crash would."""
        os.close(self._file)

    def _chunk(self, data: bytes, *, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number, last), data, None)
        # Whatever becomes of the write, this nonce is used up.
        self._number += 1
        self._put(_LENGTH.pack(len(sealed)) + sealed)

    def _put(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._file, view) :]
        os.fdatasync(self._file)


def unseal(file: BinaryIO, key: X25519PrivateKey) -> Generator[bytes, None, bool]:
    """The chunks of a file; afterwards, ``StopIteration.value`` says whether its end was sealed.

    A torn last chunk was never acknowledged and is left out. Raises ``NotOurs``.
    """
    header = file.read(len(MAGIC) + 32)
    if len(header) < len(MAGIC) + 32 or not header.startswith(MAGIC):
        raise NotOurs("This is not a private recording of Moot Hall.")
    public = header[len(MAGIC) :]
    shared = key.exchange(X25519PublicKey.from_public_bytes(public))
    cipher = _cipher(shared, public, key.public_key().public_bytes_raw())
    number = 0
    while len(prefix := file.read(_LENGTH.size)) == _LENGTH.size:
        (size,) = _LENGTH.unpack(prefix)
        if not _TAG <= size <= LONGEST_CHUNK + _TAG:
            raise NotOurs(f"Chunk {number} says that it has {size} bytes.")
        sealed = file.read(size)
        if len(sealed) < size:
            return False
        data, last = _open(cipher, number, sealed)
        if data:
            yield data
        if last:
            if file.read(1):
                raise NotOurs("Something stands behind the end.")
            return True
        number += 1
    return False


def _open(cipher: ChaCha20Poly1305, number: int, sealed: bytes) -> tuple[bytes, bool]:
    for last in (False, True):
        try:
            return cipher.decrypt(_nonce(number, last), sealed, None), last
        except InvalidTag:
            continue
    if number == 0:
        raise NotOurs("It was made for another key, or its first chunk was changed.")
    raise NotOurs(f"Chunk {number} was changed, or is not the one that belongs here.")


def _cipher(shared: bytes, ephemeral: bytes, reader: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(HKDF(SHA256(), 32, ephemeral + reader, _INFO).derive(shared))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")
