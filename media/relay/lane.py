"""One viewer's place in one source: which stream the packets come from, and what numbers this viewer sees."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from media.relay.stream import Format, Packet, RtpStream

NEAR_WRAP = 0x10000 - 64
"""No viewer begins here: without the packets up to the wrap it would be one rollover behind for good."""
LONG_GAP = 4096
"""Numbers, a quarter of a minute of pictures. Over half the range of 16 bits nobody could tell how often they
wrapped."""
SPANS = 4
"""Changes of rendition that a resend can reach behind."""
FAR_BEHIND = 10.0
"""Seconds, for a packet that is not kept any more."""
HASTE = 32
"""What lies before a viewer's entry is shown so many times as fast: a second in 30 ms."""
_HALF = 0x80000000


@dataclass(frozen=True, slots=True)
class Span:
    """From one of the viewer's numbers on, the packets were those of one stream."""

    first: int
    stream: RtpStream
    form: Format


class Lane:
    """Numbers go up by one through every change of stream: no number ever stands for two packets."""

    def __init__(self, stream: RtpStream, form: Format) -> None:
        self.stream = stream
        self.form = form
        self.last: int | None = None
        """The highest number sent, without wraps; ``None`` before the first packet."""
        self._entry: Packet | None = None
        self._spans: deque[Span] = deque(maxlen=SPANS)

    def enter(self, packet: Packet) -> None:
        """The viewer comes in here: what they get of before only leads up to it."""
        self._entry = packet

    def render(self, packet: Packet, form: Format) -> bytes:
        """The packet as this viewer gets it, and gets it again.

        Numbers decide what lies before the entry: they never go back, as time stamps of a studio may.
        """
        entry = self._entry
        if entry is None or packet.index + form.shift >= entry.index:
            return packet.render(form)
        before = (entry.timestamp - packet.timestamp) & 0xFFFFFFFF
        return packet.render(form, (entry.timestamp - before // HASTE) & 0xFFFFFFFF)

    def may_begin(self, packets: Sequence[Packet]) -> bool:
        """Whether these may be the first that this viewer gets: the numbers do not wrap within, or soon."""
        return self.last is not None or packets[0].sequence <= packets[-1].sequence < NEAR_WRAP

    def change(self, stream: RtpStream) -> None:
        """Go over to another stream of the same source. The next packet sent must be a beginning."""
        self.stream = stream

    def note(self, packet: Packet) -> None:
        """A packet is being sent."""
        number = packet.index + self.form.shift
        if self.last is None or number > self.last:
            self.last = number

    def begin(self, packet: Packet) -> bool:
        """Before the first packet of a stream, or the first for a while. True when numbers shift here."""
        if self._spans and self._spans[-1].stream is self.stream and not self._long_away(packet):
            return False
        shift = 0 if self.last is None else self.last + 1 - packet.index
        shifted = shift != self.form.shift
        self.form = replace(self.form, shift=shift)
        self._spans.append(Span(packet.index + shift, self.stream, self.form))
        return shifted

    def _long_away(self, packet: Packet) -> bool:
        return self.last is not None and packet.index + self.form.shift - self.last > LONG_GAP

    def behind(self, sequence: int) -> float | None:
        """Seconds of programme from the packet with this number to the last one; ``None`` before any."""
        newest = None if self.last is None else self.find(self.last & 0xFFFF)
        if newest is None:
            return None
        found = self.find(sequence)
        if found is None:
            return FAR_BEHIND
        distance = (newest[0].timestamp - found[0].timestamp) & 0xFFFFFFFF
        return distance / self.stream.source.clock_rate if distance < _HALF else 0.0

    def find(self, sequence: int) -> tuple[Packet, Format] | None:
        """What this viewer once got under this number, if it is still kept."""
        if self.last is None:
            return None
        number = self.last - ((self.last - sequence) & 0xFFFF)
        for span in reversed(self._spans):
            if span.first <= number:
                packet = span.stream.again(number - span.form.shift)
                return None if packet is None else (packet, span.form)
        return None
