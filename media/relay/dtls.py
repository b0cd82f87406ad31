"""The DTLS server side of a session (RFC 5763, 5764), without a socket: datagrams in, datagrams out."""

import time
from datetime import UTC, datetime, timedelta
from enum import Enum

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL

from media.relay.srtp import PROFILES, Keys, Profile

MTU = 1200
_RECORD_HEADER = 13
_READ = 65_536


class DtlsError(Exception):
    """The handshake failed and will not succeed: wrong certificate, no common profile, an alert."""


class Identity:
    """One key and self-signed certificate for the process, and the context all sessions share."""

    def __init__(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "moothall")])
        now = datetime.fromtimestamp(time.time(), UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=365))
            .sign(key, hashes.SHA256())
        )
        self.fingerprint = _digest(certificate)
        self.context = SSL.Context(SSL.DTLS_METHOD)
        self.context.use_certificate(certificate)
        self.context.use_privatekey(key)
        # Certificates are self-signed by nature here; the fingerprint from the offer is what is believed.
        self.context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *_: True)
        self.context.set_tlsext_use_srtp(b":".join(profile.name for profile in PROFILES))
        self.context.set_cipher_list(b"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305")
        self.context.set_options(SSL.OP_NO_QUERY_MTU)


class DtlsState(Enum):
    """How far a session is."""

    HANDSHAKE = "handshake"
    READY = "ready"
    CLOSED = "closed"


class DtlsSession:
    """One session. Feed it with ``receive`` and ``tick``; both return the datagrams to send."""

    def __init__(self, identity: Identity, fingerprints: frozenset[str]) -> None:
        self._fingerprints = fingerprints
        self._ssl = SSL.Connection(identity.context)
        self._ssl.set_accept_state()
        self._ssl.set_ciphertext_mtu(MTU)
        self.state = DtlsState.HANDSHAKE
        self.keys: Keys | None = None
        """Set when the state becomes READY."""

    def receive(self, datagram: bytes) -> list[bytes]:
        """Take a datagram. Raises ``DtlsError`` when the handshake has failed for good."""
        if self.state is DtlsState.CLOSED:
            return []
        self._ssl.bio_write(datagram)
        if self.state is DtlsState.HANDSHAKE:
            self._advance()
        else:
            self._drain()
        return self._outgoing()

    def tick(self) -> list[bytes]:
        """Repeat a flight that got lost, when it is time."""
        if self.state is not DtlsState.HANDSHAKE or self._ssl.DTLSv1_get_timeout() != 0:
            return []
        self._ssl.DTLSv1_handle_timeout()
        return self._outgoing()

    def close(self) -> list[bytes]:
        """Say goodbye: the close_notify alert."""
        if self.state is not DtlsState.READY:
            self.state = DtlsState.CLOSED
            return []
        self.state = DtlsState.CLOSED
        try:
            self._ssl.shutdown()
        except SSL.Error:
            return []  # nothing was ever negotiated that could be ended
        return self._outgoing()

    def _advance(self) -> None:
        try:
            self._ssl.do_handshake()
        except SSL.WantReadError:
            return
        except SSL.Error as error:
            raise DtlsError(f"The handshake failed: {error!r}") from error
        certificate = self._ssl.get_peer_certificate(as_cryptography=True)
        if certificate is None or _digest(certificate) not in self._fingerprints:
            raise DtlsError("The peer's certificate is not the one of the offer")
        self.keys = self._export()
        self.state = DtlsState.READY

    def _drain(self) -> None:
        """After the handshake: repeated flights are answered within, close_notify ends the session."""
        try:
            while True:
                self._ssl.recv(_READ)
        except SSL.WantReadError:
            return
        except SSL.ZeroReturnError:
            self.state = DtlsState.CLOSED
        except SSL.Error as error:
            raise DtlsError(f"The connection failed: {error!r}") from error

    def _export(self) -> Keys:
        chosen = self._ssl.get_selected_srtp_profile()
        profile = next((profile for profile in PROFILES if profile.name == chosen), None)
        if profile is None:
            raise DtlsError("The peer knows none of our SRTP profiles")
        return _keys(profile, self._ssl.export_keying_material(b"EXTRACTOR-dtls_srtp", profile.material))

    def _outgoing(self) -> list[bytes]:
        try:
            flight = self._ssl.bio_read(_READ)
        except SSL.WantReadError:
            return []
        return pack_records(flight)


def pack_records(flight: bytes) -> list[bytes]:
    """Datagrams of whole DTLS records up to the MTU: the memory BIO runs them together."""
    datagrams: list[bytes] = []
    position = 0
    while position + _RECORD_HEADER <= len(flight):
        end = position + _RECORD_HEADER + int.from_bytes(flight[position + 11 : position + 13], "big")
        record = flight[position:end]
        if datagrams and len(datagrams[-1]) + len(record) <= MTU:
            datagrams[-1] += record
        else:
            datagrams.append(record)
        position = end
    return datagrams


def _keys(profile: Profile, material: bytes) -> Keys:
    """RFC 5764 section 4.2: both keys, then both salts, the client's first."""
    key, salt = profile.key_size, profile.salt_size
    salts = material[2 * key :]
    return Keys(
        profile,
        theirs=material[:key] + salts[:salt],
        ours=material[key : 2 * key] + salts[salt : 2 * salt],
    )


def _digest(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()
