"""Made-up units: the bus does not look inside."""

from media.access_unit import AccessUnit, Track


def unit(track: Track, sequence: int, *, key: bool = False, session: int = 7, size: int = 40) -> AccessUnit:
    """Unit number ``sequence`` of a track, with data that names it."""
    length = 3600 if track.is_video else 960
    data = f"{track.value}/{session}/{sequence}/".encode().ljust(size, b".")
    return AccessUnit(track, session, sequence, 1_790_000_000_000, sequence * length, length, key, data)


def picture(sequence: int, *, key: bool = False, session: int = 7, size: int = 40) -> AccessUnit:
    """A picture."""
    return unit(Track.VIDEO_720, sequence, key=key, session=session, size=size)


def small(sequence: int, *, key: bool = False, session: int = 7) -> AccessUnit:
    """A picture of the other rendition."""
    return unit(Track.VIDEO_360, sequence, key=key, session=session)


def sound(sequence: int, *, session: int = 7) -> AccessUnit:
    """An Opus packet."""
    return unit(Track.OPUS, sequence, key=True, session=session)
