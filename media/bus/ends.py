"""Opens either end of a bus, whichever way its address travels.

Redis is imported where a bus goes through it: on one machine each process would start later for nothing.
"""

from media.bus.base import BusAddress, Publisher, Subscription
from media.bus.local import LocalPublisher, LocalSubscription

LOCAL = "unix:"


async def open_publisher(address: BusAddress) -> Publisher:
    """Open the studio's end of the bus at ``address``."""
    if address.url.startswith(LOCAL):
        return await LocalPublisher.open(address)
    from media.bus.streams import StreamsPublisher

    return await StreamsPublisher.open(address)


def subscribe(address: BusAddress) -> Subscription:
    """Open a reader's end. Returns at once; the publisher need not exist yet."""
    if address.url.startswith(LOCAL):
        return LocalSubscription(address)
    from media.bus.streams import StreamsSubscription

    return StreamsSubscription(address)
