"""SRTP (RFC 3711, 7714) by libsrtp, with the keys of one session."""

from dataclasses import dataclass
from itertools import repeat

from pylibsrtp import Error, Policy, Session

from media.relay import native
from media.relay.workbench import Layout

RESEND_WINDOW = 1024
"""Packets: four seconds of pictures at 2 Mbit/s, one at 8. A resend of an older one is refused by libsrtp,
which shifts as many bits for each burst."""
RTCP_SOURCES = 4


@dataclass(frozen=True, slots=True)
class Profile:
    """An SRTP protection profile by its OpenSSL name, with sizes in bytes."""

    name: bytes
    identity: int
    key_size: int
    salt_size: int
    tag_size: int

    @property
    def material(self) -> int:
        """Bytes of keying material for both directions."""
        return 2 * (self.key_size + self.salt_size)


PROFILES = (
    Profile(b"SRTP_AEAD_AES_128_GCM", Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 16, 12, 16),
    Profile(b"SRTP_AES128_CM_SHA1_80", Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 16, 14, 10),
)
"""In our order of preference."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Master keys with their salts."""

    profile: Profile
    theirs: bytes
    ours: bytes


class SrtpError(Exception):
    """libsrtp would not take the packet: forged, repeated, or too old to send again."""


class Srtp:
    """Both directions of one session."""

    def __init__(self, keys: Keys) -> None:
        self.profile = keys.profile
        self._ours = Session(_policy(keys.profile, keys.ours, Policy.SSRC_ANY_OUTBOUND))
        self._theirs = Session(_policy(keys.profile, keys.theirs, Policy.SSRC_ANY_INBOUND))
        self.handle = native.handle(self._ours)
        """For ``native.protect``; ``None`` where there is no such way."""
        self._sources: set[bytes] = set()

    def protect(self, packet: bytes) -> bytes:
        """Encrypt RTP. Repeating an earlier packet is allowed, changing one would break the cipher."""
        try:
            return bytes(self._ours.protect(packet))
        except Error as error:
            raise SrtpError(str(error)) from error

    def protect_layout(self, layout: Layout) -> None:
        """Put a burst on the workbench and encrypt it. Raises ``SrtpError``: then nothing there is good."""
        layout.put()
        if self.handle is None or native.protect is None or layout.places is None:
            for packet in layout.packets:
                packet[:] = self.protect(bytes(packet[: -layout.tag]))
            return
        if any(map(native.protect, repeat(self.handle), *layout.places)):
            raise SrtpError("libsrtp refused a packet of the burst")

    def protect_rtcp(self, packet: bytes) -> bytes:
        """Encrypt RTCP."""
        try:
            return bytes(self._ours.protect_rtcp(packet))
        except Error as error:
            raise SrtpError(str(error)) from error

    def unprotect_rtcp(self, packet: bytes) -> bytes:
        """Decrypt a viewer's RTCP. Raises ``SrtpError``.

        libsrtp keeps a state for every source for ever, so one viewer may only have a few.
        """
        source = packet[4:8]
        if source not in self._sources and len(self._sources) >= RTCP_SOURCES:
            raise SrtpError("Too many sources in one session")
        try:
            plain = bytes(self._theirs.unprotect_rtcp(packet))
        except (Error, ValueError) as error:
            raise SrtpError(str(error)) from error
        self._sources.add(source)
        return plain


def _policy(profile: Profile, key: bytes, direction: int) -> Policy:
    policy = Policy(key=key, ssrc_type=direction, srtp_profile=profile.identity)
    policy.allow_repeat_tx = True
    policy.window_size = RESEND_WINDOW
    return policy
