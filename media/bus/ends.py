"""Opens either end of a bus, whichever way its address travels."""

from media.bus.base import BusAddress, Publisher, Subscription
from media.bus.local import LocalPublisher, LocalSubscription
from media.bus.streams import StreamsPublisher, StreamsSubscription

LOCAL = "unix:"


async def open_publisher(address: BusAddress) -> Publisher:
    """Open the studio's end of the bus at ``address``."""
    if address.url.startswith(LOCAL):
        return await LocalPublisher.open(address)
    return await StreamsPublisher.open(address)


def subscribe(address: BusAddress) -> Subscription:
    """Open a reader's end. Returns at once; the publisher need not exist yet."""
    return LocalSubscription(address) if address.url.startswith(LOCAL) else StreamsSubscription(address)
