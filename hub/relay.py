"""The configuration of a relay that is started by itself."""

from hub.settings import Settings
from media.config import RelayConfig


def relay_config(settings: Settings) -> RelayConfig:
    """A relay that finds its meetings, and is found, through Redis."""
    return RelayConfig(
        control_socket=settings.sockets / f"relay-{settings.relay_name}",
        linger_seconds=0,
        log_format=settings.log_format,
        bus_url_pattern=settings.bus_url("{meeting}"),
        address=settings.host,
        udp_port=settings.relay_port,
        announce=settings.media_addresses,
        capacity=settings.relay_capacity,
        segmentation=settings.relay_segmentation,
        redis_url=settings.redis_url,
        relay_name=settings.relay_name,
    )
