"""The ICE servers that WHIP and WHEP name (RFC 9725 section 4.6)."""

from collections.abc import Iterator, Sequence

from hub.domain.turn import IceServer


def link(stun: Sequence[str], turn: Sequence[IceServer]) -> str:
    """The value of a ``Link`` header; empty when there is no server."""
    return ", ".join([*(f'<{url}>; rel="ice-server"' for url in stun), *_with_names(turn)])


def _with_names(servers: Sequence[IceServer]) -> Iterator[str]:
    for server in servers:
        for url in server["urls"]:
            yield (
                f'<{url}>; rel="ice-server"; username="{server["username"]}"; '
                f'credential="{server["credential"]}"; credential-type="password"'
            )
