"""When what a source sends was captured, on our own clock: from its time stamps and when they came.

A time stamp counts on the sender's clock, which began somewhere and runs a little fast or slow. The most
punctual arrivals of the last seconds say where it is now; so nothing ever drifts away from our clock. What
of several tracks belongs together is known where their stamps count on one clock: in a container always, in
RTP once sender reports (RFC 3550 section 6.4.1) came. Until then each track's own arrivals are believed.
"""

from collections import deque
from dataclasses import dataclass, field

MEMORY = 10.0
"""Seconds for which a punctual arrival is believed, twice as long at most: 2 ms at 100 parts in a million."""
JUMP = 2.0
"""A stamp that is off by more belongs to a new beginning: stamps jumped, or the sender paused."""
APART = 0.7
"""Tracks of one clock that come further apart than this are not believed to be of one clock."""
_REPORTS = 5


@dataclass(slots=True)
class _Track:
    """What is known of one track; all in seconds."""

    offsets: deque[float] = field(default_factory=lambda: deque(maxlen=_REPORTS))
    """The sender's clock less the stamps, by its last reports."""
    offset: float | None = None
    least: float | None = None
    """The most punctual arrival since ``since``: our clock less the stamp."""
    least_before: float | None = None
    since: float = 0.0

    @property
    def punctual(self) -> float | None:
        """Our clock less the stamps, as the most punctual say."""
        if self.least is None or self.least_before is None:
            return self.least
        return min(self.least, self.least_before)

    @property
    def transit(self) -> float | None:
        """Our clock less the sender's."""
        punctual = self.punctual
        return punctual if punctual is None or self.offset is None else punctual - self.offset


class CaptureClock:
    """One source's clock. ``one_clock``: the stamps of all its tracks count on one. Not thread-safe.

    ``track`` is any name. Stamps are in seconds and do not wrap; ``now`` is monotonic, in seconds.
    """

    def __init__(self, *, one_clock: bool) -> None:
        self._one_clock = one_clock
        self._tracks: dict[str, _Track] = {}

    def report(self, track: str, stamp: float, sender: float) -> None:
        """The sender says that this stamp and this time of its own clock are one instant."""
        state = self._track(track)
        offset = sender - stamp
        if state.offset is None or abs(offset - state.offset) > JUMP:
            state.offsets.clear()
        state.offsets.append(offset)
        # The middle one: a report that was late in being made is not believed.
        state.offset = sorted(state.offsets)[len(state.offsets) // 2]

    def came(self, track: str, stamp: float, now: float) -> None:
        """Something with this stamp came. For sound: count its duration in, it could not have come before."""
        state = self._track(track)
        late = now - stamp
        punctual = state.punctual
        if punctual is None or abs(late - punctual) > JUMP:
            state.least, state.least_before, state.since = late, None, now
        elif now - state.since > MEMORY:
            state.least, state.least_before, state.since = late, state.least, now
        elif state.least is None or late < state.least:
            state.least = late

    def forget_arrivals(self) -> None:
        """What came until now was kept back on the way: what comes from now on says how punctual it is."""
        for track in self._tracks.values():
            track.least = track.least_before = None

    def captured(self, track: str, stamp: float) -> float:
        """When this was captured: monotonic seconds, so that the most punctual come at that time.

        Raises ``ValueError`` when nothing of the track has come.
        """
        state = self._track(track)
        transit = state.transit
        if transit is None:
            raise ValueError(f"nothing of {track} has come")
        return stamp + (state.offset or 0.0) + min([transit, *self._of_one_clock(state, transit)])

    def _of_one_clock(self, state: _Track, transit: float) -> list[float]:
        if state.offset is None and not self._one_clock:
            return []
        others = (
            other.transit
            for other in self._tracks.values()
            if other is not state and (self._one_clock or other.offset is not None)
        )
        return [other for other in others if other is not None and abs(other - transit) < APART]

    def _track(self, name: str) -> _Track:
        track = self._tracks.get(name)
        if track is None:
            track = self._tracks[name] = _Track()
        return track
