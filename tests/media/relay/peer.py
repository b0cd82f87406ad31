"""The other side of a session, byte by byte: STUN by aioice, DTLS by OpenSSL's client, SRTP by libsrtp."""

import secrets
from contextlib import suppress

from aioice import stun
from OpenSSL import SSL
from pylibsrtp import Policy, Session

from media.relay.dtls import Identity, pack_records
from media.relay.srtp import PROFILES

BOTH = b"SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80"
_TYPE, _CONTROLLING = stun.Method.BINDING, secrets.randbits(64)


def check(ours: str, theirs: str, password: str, *, nominate: bool = True, fingerprint: bool = True) -> bytes:
    """A connectivity check from ``theirs`` to the session ``ours``."""
    message = stun.Message(message_method=_TYPE, message_class=stun.Class.REQUEST)
    message.attributes["USERNAME"] = f"{ours}:{theirs}"
    message.attributes["PRIORITY"] = 1_845_501_695
    message.attributes["ICE-CONTROLLING"] = _CONTROLLING
    if nominate:
        message.attributes["USE-CANDIDATE"] = None
    message.add_message_integrity(password.encode())
    message.attributes.pop("FINGERPRINT", None)
    if fingerprint:
        message.add_fingerprint()
    return bytes(message)


class DtlsClient:
    """A browser's DTLS side without a socket."""

    def __init__(self, profiles: bytes = BOTH, identity: Identity | None = None) -> None:
        self.identity = identity or Identity()
        if identity is None:
            self.identity.context.set_tlsext_use_srtp(profiles)
        self._ssl = SSL.Connection(self.identity.context)
        self._ssl.set_connect_state()
        self._ssl.set_ciphertext_mtu(1200)
        self.done = False

    def hello(self) -> list[bytes]:
        """The first flight."""
        return self.receive(None)

    def receive(self, datagram: bytes | None) -> list[bytes]:
        """Take a datagram, return those to send."""
        if datagram is not None:
            self._ssl.bio_write(datagram)
        if not self.done:
            with suppress(SSL.WantReadError):
                self._ssl.do_handshake()
                self.done = True
        try:
            return pack_records(self._ssl.bio_read(65_536))
        except SSL.WantReadError:
            return []

    def again(self) -> list[bytes]:
        """The last flight once more, when it is time."""
        if self.done or self._ssl.DTLSv1_get_timeout() != 0:
            return []
        self._ssl.DTLSv1_handle_timeout()
        return self.receive(None)

    def farewell(self) -> list[bytes]:
        """close_notify."""
        self._ssl.shutdown()
        return pack_records(self._ssl.bio_read(65_536))

    def goodbye_received(self) -> bool:
        """Whether the server sent close_notify."""
        try:
            self._ssl.recv(1)
        except SSL.ZeroReturnError:
            return True
        except SSL.WantReadError:
            return False
        return False

    @property
    def profile(self) -> bytes:
        """The negotiated SRTP profile's name."""
        return bytes(self._ssl.get_selected_srtp_profile())

    def sessions(self) -> tuple[Session, Session]:
        """Libsrtp sessions for receiving and for sending."""
        profile = next(profile for profile in PROFILES if profile.name == self.profile)
        material = self._ssl.export_keying_material(b"EXTRACTOR-dtls_srtp", profile.material)
        key, salt = profile.key_size, profile.salt_size
        mine = material[:key] + material[2 * key : 2 * key + salt]
        servers = material[key : 2 * key] + material[2 * key + salt :]
        return (
            Session(Policy(servers, Policy.SSRC_ANY_INBOUND, srtp_profile=profile.identity)),
            Session(Policy(mine, Policy.SSRC_ANY_OUTBOUND, srtp_profile=profile.identity)),
        )
