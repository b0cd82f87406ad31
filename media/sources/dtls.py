"""What the studio makes of aiortc's DTLS: whose certificates it can shake hands with."""

from aiortc.rtcdtlstransport import RTCCertificate, SRTPProtectionProfile
from OpenSSL import SSL

CIPHERS = b":".join(
    (
        b"ECDHE-ECDSA-AES128-GCM-SHA256",
        b"ECDHE-ECDSA-CHACHA20-POLY1305",
        b"ECDHE-RSA-AES128-GCM-SHA256",
        b"ECDHE-RSA-CHACHA20-POLY1305",
    )
)
"""aiortc 1.16 knows ECDSA only, and GStreamer's encoders have RSA certificates."""


def take_rsa_certificates() -> None:
    """Let aiortc connect to peers with RSA certificates too, in this process, from now on."""
    create = RTCCertificate._create_ssl_context

    def create_for_all(
        certificate: RTCCertificate, srtp_profiles: list[SRTPProtectionProfile]
    ) -> SSL.Context:
        context = create(certificate, srtp_profiles)
        context.set_cipher_list(CIPHERS)
        return context

    RTCCertificate._create_ssl_context = create_for_all  # type: ignore[method-assign,assignment]
