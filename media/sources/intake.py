"""Where a source hands in what it decoded, at its own pace, and the programme takes it at its own."""

import math
import threading
from collections import deque
from collections.abc import Callable
from typing import Literal, TypeAlias, TypeVar

import av
import numpy as np
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from media.clock import Clock
from media.control.feeds import FeedStatus
from media.rhythm import BLOCK, DEFAULT, Rhythm
from media.sources.deafness import Deafness
from media.sources.line import Arrived, Line, LineStatus
from media.sources.picture_queue import HOLD_SECONDS, PictureQueue
from media.sources.playhead import LOST, Correction, Delay
from media.sources.sound import RATE, Sound
from media.sources.sound_buffer import SoundBuffer

FeedKind: TypeAlias = Literal[
    "test", "whip", "rtmp", "srt", "file", "speaker", "interpreter", "signer", "presenter", "pages"
]
_Sample = TypeVar("_Sample", np.float32, np.int16)
PRESENTATION = "presentation"
SCREEN_HOLD_SECONDS = 3.0
"""How long its last picture is held: of a screen that stands still, browsers send one a second."""
STALL_SECONDS = 2.0
ABSENT_SECONDS = 1.5
"""Whoever was not heard of for so long has left, and leaves the picture within two seconds."""
SILENCE_DBFS = -100.0
TRANSIT_SECONDS: dict[FeedKind, float] = {
    "test": 0.0,
    "file": 0.0,
    "whip": 0.5,
    "speaker": 0.5,
    "interpreter": 0.5,
    "signer": 0.5,
    "presenter": 0.5,
    "pages": 0.0,
    "rtmp": 2.0,
    "srt": 2.0,
}
"""How old, at most, what a source hands in may be: captured that long ago, it can still be on its way."""

STALE_SECONDS = 0.1
"""Without sound being taken for so long, pictures follow the clock instead."""
MOST_TAKEN = 2 * BLOCK
"""Samples that a tick takes at most."""
MOST_AHEAD = 1.0
"""A time of capture is believed up to so many seconds after now."""


class Intake:
    """One source's hand-over point. Thread-safe: decoder threads hand in, the ticker's thread takes.

    What is handed in carries the time of its capture, ``at``: monotonic seconds, such that the most punctual
    things come at about that time. Picture and sound captured at one time are shown at one time: ``Delay``
    says how much later, the sound is made a little longer or shorter to suit, the pictures follow the sound.
    ``rhythm``: the programme's.
    """

    def __init__(self, name: str, kind: FeedKind, label: str, clock: Clock, rhythm: Rhythm = DEFAULT) -> None:
        self.name = name
        self.kind: FeedKind = kind
        self.label = label
        self.clock = clock
        self._lock = threading.Lock()
        self._resampling = threading.Lock()
        self._resampler: AudioResampler | None = None
        self._sound_shape: tuple[str, str, int] | None = None
        """What the resampler is for; ``None`` after sound that was not taken: it would remember its end."""
        self._phase: Literal["connecting", "connected", "gone", "refused"] = "connecting"
        self._sentence = ""
        self._finished_at = math.inf
        self._note, self._noted_until = "", -math.inf
        self._pictures = PictureQueue(rhythm.period)
        self._picture_times: deque[float] = deque(maxlen=60)
        self._key_at: float | None = None
        """When a key picture last came; None for what was never encoded."""
        self._sound = SoundBuffer()
        self._delay = Delay(rhythm.period)
        self._tick = self._lead = rhythm.period
        self._correction = Correction()
        self._position = -math.inf
        self._taken = -math.inf
        self._sound_time = -math.inf
        self._power = 0.0
        self._deafness = Deafness(TRANSIT_SECONDS[kind])
        self.on_flush: Callable[[], None] | None = None
        """Called after each ``flush``; then nothing is taken until ``drained`` is called."""
        self.counted: Callable[[], Arrived] | None = None
        """What came over its line so far. Called with nothing locked, by whoever asks for ``status``."""
        self._line = Line()

    def hears(self, at: float | None) -> bool:
        """Whether something captured ``at`` would be taken now."""
        now = self.clock.monotonic()
        with self._lock:
            return self._deafness.hears(now, at) and not self._finished

    def take(self, frame: object, at: float | None) -> bool:
        """Hand in a picture or sound. Whether it was taken: nothing else ever is. Raises as ``put_sound``."""
        if isinstance(frame, av.VideoFrame):
            return self.put_picture(frame, at)
        return isinstance(frame, av.AudioFrame) and self.put_sound(frame, at)

    def put_picture(self, frame: av.VideoFrame, at: float | None = None) -> bool:
        """Hand in a decoded picture of any size and format. ``at``: when it was captured; else now.

        Whether it was taken: not within some time of an opening, and not after the end.
        """
        now = self.clock.monotonic()
        with self._lock:
            if self._deafness.ignores(now, at) or self._finished:
                return False
            self._phase = "connected"
            at = now if at is None else min(at, now + MOST_AHEAD)
            self._pictures.put(frame, at)
            self._picture_times.append(now)
            self._delay.picture_came(now, now - at)
            return True

    def put_sound(self, frame: av.AudioFrame, at: float | None = None) -> bool:
        """Hand in decoded sound of any rate, layout and format. ``at``: when its first sample was captured.

        Whether it was taken, as with pictures. Raises ``av.error.FFmpegError`` when the frame cannot be made
        48 kHz stereo.
        """
        sound = self._to_programme(frame)
        power = float(np.vdot(sound, sound)) / sound.size if len(sound) else 0.0
        now = self.clock.monotonic()
        with self._lock:
            if self._deafness.ignores(now, at) or self._finished:
                self._sound_shape = None
                return False
            self._phase = "connected"
            self._sound_time = now
            self._power += (power - self._power) * min(1.0, len(sound) / (RATE * 0.2))
            self._sound.put(sound, now if at is None else min(at, now + MOST_AHEAD), stamped=at is not None)
            self._delay.sound_came(now, now - (self._sound.end - len(sound) / RATE))
            return True

    def key_came(self) -> None:
        """A picture that needs no other arrived, whether or not it is taken."""
        now = self.clock.monotonic()
        with self._lock:
            self._key_at = now

    def passed_over(self) -> None:
        """A picture came that must not be taken."""
        now = self.clock.monotonic()
        with self._lock:
            self._deafness.notices(now)

    def connected(self) -> None:
        """The source is there; pictures and sound may follow."""
        with self._lock:
            if not self._finished:
                self._phase = "connected"

    def note(self, sentence: str, seconds: float) -> None:
        """Say this of a source that arrives, for so long."""
        with self._lock:
            self._note, self._noted_until = sentence, self.clock.monotonic() + seconds

    def gone(self, sentence: str) -> None:
        """The source went away, for the reason told in ``sentence``."""
        self._finish("gone", sentence)

    def refused(self, sentence: str) -> None:
        """The source was turned away, for the reason told in ``sentence``."""
        self._finish("refused", sentence)

    def let_go(self, *, at_once: bool = False) -> None:
        """Of the pictures of a source that went away a while ago: it may stay on the list for hours.

        ``at_once``: nobody will see it any more.
        """
        now = self.clock.monotonic()
        with self._lock:
            if at_once or now - self._finished_at > STALL_SECONDS:
                self._pictures.clear()

    @property
    def finished(self) -> bool:
        """Whether the source is gone or was refused; what it still hands in is ignored."""
        with self._lock:
            return self._finished

    def present(self, now: float) -> bool:
        """Whether somebody is there: heard of a moment ago, or the connection is being made."""
        with self._lock:
            if self._phase == "connecting":
                return True
            newest = max(self._sound_time, self._picture_times[-1] if self._picture_times else -math.inf)
            return not self._finished and now - max(newest, self._deafness.until) < ABSENT_SECONDS

    def latest_picture(self, now: float) -> av.VideoFrame | None:
        """The picture of the tick whose sound was last taken, held for a while when no next one comes.

        That is half a second, or longer while a presentation is connected. ``now``: monotonic seconds.
        """
        with self._lock:
            stands_still = self.name == PRESENTATION and not self._finished
            hold = SCREEN_HOLD_SECONDS if stands_still else HOLD_SECONDS
            if now - self._taken > STALE_SECONDS:
                return self._pictures.at(now - self._delay.seconds, hold)
            return self._pictures.at(self._position - self._lead, hold)

    def take_sound(self, samples: int, lead: float | None = None) -> Sound:
        """The next ``samples`` samples, float32 of shape (samples, 2); silence where there are none.

        ``lead``: seconds from the picture of this tick to the end of these samples; else one tick.
        """
        now = self.clock.monotonic()
        with self._lock:
            due = now - self._delay.seconds
            self._taken = now
            self._lead = self._tick if lead is None else lead
            if self._sound.playing:
                return self._go_on(samples, due)
            return self._begin(samples, due)

    def flush(self) -> None:
        """Forget everything handed in so far, and what may still be on its way from before now."""
        with self._lock:
            self._pictures.clear()
            self._picture_times.clear()
            self._sound.clear()
            self._deafness.fall(self.clock.monotonic(), held=self.on_flush is not None)
        if self.on_flush is not None:
            self.on_flush()

    def drained(self) -> None:
        """Nothing that came before now will still be handed in as something that came later."""
        with self._lock:
            self._deafness.fall(self.clock.monotonic())

    def status(self) -> FeedStatus:
        """What the console shows."""
        now = self.clock.monotonic()
        arrived = self.counted() if self.counted is not None else None
        with self._lock:
            state, sentence = self._describe(now)
            line = LineStatus() if arrived is None or self._finished else self._line.status(now, arrived)
            picture = self._pictures.newest
            sounding = now - self._sound_time < STALL_SECONDS
            return FeedStatus(
                source=self.name,
                kind=self.kind,
                label=self.label,
                state=state,
                sentence=sentence,
                width=picture.width if picture else 0,
                height=picture.height if picture else 0,
                frames_per_second=self._rate(now),
                sound=sounding,
                level_dbfs=to_dbfs(self._power) if sounding else SILENCE_DBFS,
                kilobits_per_second=line.kilobits_per_second,
                lost_percent=line.lost_percent,
                key_picture_seconds=self._since_key(now),
            )

    @property
    def _finished(self) -> bool:
        return self._phase in ("gone", "refused")

    def _go_on(self, samples: int, due: float) -> Sound:
        error = self._sound.position - due
        if error < -LOST:
            self._sound.jump(due)
            self._correction.reset()
            error = 0.0
        elif error > LOST:
            self._sound.pause()
            self._correction.reset()
        sound = self._sound.take(samples, self._correction.samples(error, samples))
        self._position = self._sound.position if self._sound.playing else self._position + samples / RATE
        return sound

    def _begin(self, samples: int, due: float) -> Sound:
        """Wait for enough sound. Pictures without any go on evenly, as sound would."""
        error = self._position - due
        if abs(error) > LOST or self._sound.held:
            self._position, error = due, 0.0
            self._correction.reset()
        if self._sound.start(self._position, MOST_TAKEN):
            sound = self._sound.take(samples)
            self._position = self._sound.position
            return sound
        self._position += (samples + self._correction.samples(error, samples)) / RATE
        return self._sound.take(samples)

    def _finish(self, phase: Literal["gone", "refused"], sentence: str) -> None:
        with self._lock:
            if not self._finished:
                self._phase = phase
                self._sentence = sentence
                self._finished_at = self.clock.monotonic()

    def _describe(
        self, now: float
    ) -> tuple[Literal["connecting", "live", "stalled", "gone", "refused"], str]:
        if self._phase in ("gone", "refused"):
            return self._phase, self._sentence
        if self._phase == "connecting":
            return "connecting", "Connecting."
        seeing = bool(self._picture_times) and now - self._picture_times[-1] < STALL_SECONDS
        hearing = now - self._sound_time < STALL_SECONDS
        if now < self._noted_until:
            return "live" if seeing or hearing else "stalled", self._note
        match seeing, hearing:
            case True, True:
                return "live", "Picture and sound are arriving."
            case True, False:
                return "live", "A picture is arriving, but no sound."
            case False, True:
                return "live", "Sound is arriving, but no picture."
        return "stalled", "Connected, but neither picture nor sound is arriving."

    def _since_key(self, now: float) -> int | None:
        return None if self._key_at is None or self._finished else int(now - self._key_at)

    def _rate(self, now: float) -> float:
        times = [time for time in self._picture_times if now - time < STALL_SECONDS]
        if len(times) < 2 or times[-1] == times[0]:
            return 0.0
        return round((len(times) - 1) / (times[-1] - times[0]), 1)

    def _to_programme(self, frame: av.AudioFrame) -> Sound:
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        # What Opus is decoded to; the resampler would take ten times as long.
        if shape == ("flt", "stereo", RATE):
            return _interleaved(frame, np.float32).copy()
        if shape == ("s16", "stereo", RATE):
            return _interleaved(frame, np.int16) * np.float32(1 / 32768)
        # A single channel is doubled by hand: the resampler would lower it by 3 dB.
        channels = 1 if len(frame.layout.channels) == 1 else 2
        with self._resampling:
            if self._resampler is None or shape != self._sound_shape:
                layout = "mono" if channels == 1 else "stereo"
                self._resampler = AudioResampler(format="flt", layout=layout, rate=RATE)
                self._sound_shape = shape
            frame.pts = None
            parts = [part.to_ndarray() for part in self._resampler.resample(frame)]
        if not parts:
            return np.zeros((0, 2), np.float32)
        sound = np.concatenate(parts, axis=1).reshape(-1, channels).astype(np.float32, copy=False)
        return np.repeat(sound, 2, axis=1) if channels == 1 else sound


def _interleaved(frame: av.AudioFrame, kind: type[_Sample]) -> NDArray[_Sample]:
    """A view of both channels, shape (samples, 2)."""
    return np.frombuffer(memoryview(frame.planes[0]), kind, 2 * frame.samples).reshape(-1, 2)


def to_dbfs(power: float) -> float:
    """Mean square, full scale 1, as decibels below full scale; never under -100."""
    return round(max(SILENCE_DBFS, 10.0 * math.log10(max(power, 1e-12))), 1)
