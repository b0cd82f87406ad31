"""The bus contains the last moments of each programme and hands them to relays, packager and recorder."""

from media.bus.base import BusAddress, Publisher, Subscription
from media.bus.ends import open_publisher, subscribe

__all__ = ["BusAddress", "Publisher", "Subscription", "open_publisher", "subscribe"]
