"""Handshakes with OpenSSL's client, and the keys that come out of them."""

import pytest

from media.relay.dtls import MTU, DtlsError, DtlsSession, DtlsState, Identity, pack_records
from media.relay.srtp import RTCP_SOURCES, Srtp, SrtpError
from tests.media.relay.peer import BOTH, DtlsClient

RTP = b"\x80\x60\x00\x01\x00\x00\x00\x01\x00\x00\x00\x05payload"


def shake(server: DtlsSession, client: DtlsClient) -> None:
    to_server = client.hello()
    while to_server:
        to_client = [reply for datagram in to_server for reply in server.receive(datagram)]
        assert all(len(datagram) <= MTU for datagram in to_client)
        to_server = [reply for datagram in to_client for reply in client.receive(datagram)]


def connected(profiles: bytes = BOTH) -> tuple[DtlsSession, DtlsClient]:
    client = DtlsClient(profiles)
    server = DtlsSession(Identity(), frozenset({client.identity.fingerprint}))
    shake(server, client)
    return server, client


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (b"SRTP_AES128_CM_SHA1_80:SRTP_AEAD_AES_128_GCM", b"SRTP_AEAD_AES_128_GCM"),
        (b"SRTP_AES128_CM_SHA1_80", b"SRTP_AES128_CM_SHA1_80"),
    ],
)
def test_the_keys_of_both_sides_fit(offered: bytes, chosen: bytes) -> None:
    server, client = connected(profiles=offered)
    assert server.state is DtlsState.READY
    assert client.done
    assert client.profile == chosen
    assert server.keys is not None
    srtp = Srtp(server.keys)
    receiving, sending = client.sessions()
    assert receiving.unprotect(srtp.protect(RTP)) == RTP
    report = b"\x80\xc9\x00\x01\x00\x00\x00\x07"
    assert srtp.unprotect_rtcp(sending.protect_rtcp(report)) == report


def test_another_certificate_than_the_offers_is_refused() -> None:
    client = DtlsClient()
    server = DtlsSession(Identity(), frozenset({Identity().fingerprint}))
    with pytest.raises(DtlsError, match="not the one of the offer"):
        shake(server, client)
    assert server.keys is None


def test_no_common_profile_is_refused() -> None:
    client = DtlsClient(profiles=b"SRTP_AEAD_AES_256_GCM")
    server = DtlsSession(Identity(), frozenset({client.identity.fingerprint}))
    with pytest.raises(DtlsError, match="SRTP profiles"):
        shake(server, client)


def test_noise_leaves_the_handshake_alive() -> None:
    client = DtlsClient()
    server = DtlsSession(Identity(), frozenset({client.identity.fingerprint}))
    assert server.receive(b"\x16\xfe\xfd" + bytes(40)) == []
    shake(server, client)
    assert server.state is DtlsState.READY


def test_goodbye_is_heard_by_both_sides() -> None:
    server, client = connected()
    for datagram in server.close():
        client.receive(datagram)
    assert client.goodbye_received()
    assert server.receive(b"\x16\xfe\xfd" + bytes(40)) == []


def test_a_changed_or_repeated_packet_is_refused() -> None:
    server, client = connected()
    assert server.keys is not None
    srtp = Srtp(server.keys)
    packet = client.sessions()[1].protect_rtcp(b"\x80\xc9\x00\x01\x00\x00\x00\x07")
    with pytest.raises(SrtpError):
        srtp.unprotect_rtcp(packet[:-1] + bytes([packet[-1] ^ 1]))
    srtp.unprotect_rtcp(packet)
    with pytest.raises(SrtpError):
        srtp.unprotect_rtcp(packet)


def test_one_viewer_cannot_have_endless_sources() -> None:
    server, client = connected()
    assert server.keys is not None
    srtp, sending = Srtp(server.keys), client.sessions()[1]
    packets = [
        sending.protect_rtcp(b"\x80\xc9\x00\x01" + number.to_bytes(4, "big"))
        for number in range(1, RTCP_SOURCES + 2)
    ]
    for packet in packets[:-1]:
        srtp.unprotect_rtcp(packet)
    with pytest.raises(SrtpError, match="Too many sources"):
        srtp.unprotect_rtcp(packets[-1])


def test_records_are_never_cut() -> None:
    records = [b"\x16\xfe\xfd" + bytes(8) + size.to_bytes(2, "big") + bytes(size) for size in (500, 600, 700)]
    assert pack_records(b"".join(records)) == [records[0] + records[1], records[2]]
