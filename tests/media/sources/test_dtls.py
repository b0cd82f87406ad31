"""aiortc's side of a handshake with a peer that has an RSA certificate, as GStreamer's encoders do."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from aiortc.rtcdtlstransport import SRTP_PROFILES, RTCCertificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from OpenSSL import SSL

from media.sources.dtls import take_rsa_certificates

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def rsa_server() -> SSL.Connection:
    key = rsa.generate_private_key(65_537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "encoder")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=9000))
        .sign(key, hashes.SHA256())
    )
    context = SSL.Context(SSL.DTLS_METHOD)
    context.use_certificate(certificate)
    context.use_privatekey(key)
    context.set_tlsext_use_srtp(b"SRTP_AES128_CM_SHA1_80")
    server = SSL.Connection(context)
    server.set_accept_state()
    return server


def shake() -> bool:
    """Whether both sides come to an end."""
    certificate = RTCCertificate.generateCertificate()
    client, server = SSL.Connection(certificate._create_ssl_context(SRTP_PROFILES)), rsa_server()
    client.set_connect_state()
    done = {client: False, server: False}
    for _ in range(8):
        for one, other in ((client, server), (server, client)):
            if not done[one]:
                with suppress(SSL.WantReadError):
                    one.do_handshake()
                    done[one] = True
            with suppress(SSL.WantReadError):
                other.bio_write(one.bio_read(65_536))
    return all(done.values())


def test_a_peer_with_an_rsa_certificate_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RTCCertificate, "_create_ssl_context", RTCCertificate._create_ssl_context)
    with pytest.raises(SSL.Error):
        shake()
    take_rsa_certificates()
    assert shake()
