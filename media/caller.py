"""Where a request comes from, and which addresses belong together."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address


def caller(peer: str, forwarded: str, *, behind_proxy: bool) -> str:
    """The address of whoever asks. Our own proxy is believed about whom it speaks for, a stranger is not."""
    last = forwarded.rpartition(",")[2].strip()
    return last if last and behind_proxy and _is_near(peer) else peer


@lru_cache(1024)
def place_of(address: str) -> str:
    """An address, or of IPv6 the network of one household: each has more addresses than can be remembered."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return f"{int(known) >> 64:x}"


def _is_near(peer: str) -> bool:
    try:
        return ip_address(peer).is_private
    except ValueError:
        return False
