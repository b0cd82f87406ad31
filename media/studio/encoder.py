"""The one encode of the programme's sound, Opus and AAC, of nothing but what came through the gate."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Literal, TypeAlias

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.codec.context import CodecContext
from av.packet import Packet
from av.stream import Stream

from media.access_unit import AUDIO_CLOCK, AccessUnit, Track
from media.gate.gate import PublicSound

AnyPacket: TypeAlias = "Packet[Stream]"
OPUS_SAMPLES = 960
AAC_SAMPLES = 1024
OPUS_BITS = 96_000
AAC_BITS = 128_000


class Stamper:
    """Numbers the access units of one session."""

    def __init__(self, session: int, epoch_ms: int) -> None:
        self.session = session
        self.epoch_ms = epoch_ms
        self._sequences = dict.fromkeys(Track, 0)

    def stamp(self, track: Track, packet: AnyPacket, duration: int) -> AccessUnit:
        """One encoded packet as a unit; the packet's pts is already in the track's clock."""
        if packet.pts is None:
            raise ValueError(f"{track.value}: the encoder gave a packet without a time")
        key = packet.is_keyframe or not track.is_video
        return self.unit(track, packet.pts, duration, bytes(packet), key=key)

    def unit(self, track: Track, pts: int, duration: int, data: bytes, *, key: bool = True) -> AccessUnit:
        """The next unit of a track."""
        sequence = self._sequences[track]
        self._sequences[track] = sequence + 1
        return AccessUnit(
            track=track,
            session=self.session,
            sequence=sequence,
            epoch_ms=self.epoch_ms,
            pts=pts,
            duration=duration,
            key=key,
            data=data,
        )


class SoundEncoder:
    """Opus in frames of 20 ms and AAC-LC in frames of 1024 samples, both 48 kHz stereo."""

    def __init__(self, stamper: Stamper, opus: Track = Track.OPUS, aac: Track = Track.AAC) -> None:
        self._stamper = stamper
        self._tracks = opus, aac
        self._opus = _audio_context(
            "libopus",
            "flt",
            OPUS_BITS,
            # 7: what comes out is as with 10, for a fifth less work; below, speech is given fewer bits.
            {"application": "audio", "frame_duration": "20", "compression_level": "7"},
        )
        # fast: 0.4 of the work of the other coder, which at this rate is no nearer to what went in.
        self._aac = _audio_context("aac", "fltp", AAC_BITS, {"aac_coder": "fast"})
        self._rest = np.zeros((0, 2), np.float32)

    def beside(self) -> "SoundEncoder":
        """An encoder for the interpreted sound, from now on, whose frames begin and end when these do."""
        encoder = SoundEncoder(self._stamper, Track.OPUS_INTERPRETED, Track.AAC_INTERPRETED)
        encoder._rest = np.zeros_like(self._rest)
        return encoder

    def encode(self, sound: PublicSound, position: int) -> list[AccessUnit]:
        """Encode 960 samples that begin at sample ``position`` of the programme, gaplessly.

        Raises ``av.error.FFmpegError``, and ``TypeError`` for sound that did not come through the gate.
        """
        if type(sound) is not PublicSound:
            raise TypeError("Only public sound is encoded.")
        units = self._encode_opus(sound, position)
        begin = position - len(self._rest)
        self._rest = np.concatenate((self._rest, sound.samples))
        while len(self._rest) >= AAC_SAMPLES:
            block, self._rest = self._rest[:AAC_SAMPLES], self._rest[AAC_SAMPLES:]
            units += self._encode_aac(block, begin)
            begin += AAC_SAMPLES
        return units

    def _encode_opus(self, sound: PublicSound, position: int) -> list[AccessUnit]:
        samples = np.ascontiguousarray(sound.samples, np.float32).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, "flt", "stereo")
        return self._stamp(self._tracks[0], _send(self._opus, frame, position), OPUS_SAMPLES)

    def _encode_aac(
        self, block: np.ndarray[tuple[int, int], np.dtype[np.float32]], begin: int
    ) -> list[AccessUnit]:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block.T), "fltp", "stereo")
        return self._stamp(self._tracks[1], _send(self._aac, frame, begin), AAC_SAMPLES)

    def _stamp(self, track: Track, packets: Iterable[AnyPacket], duration: int) -> list[AccessUnit]:
        return [self._stamper.stamp(track, packet, duration) for packet in packets]


def _audio_context(
    name: Literal["libopus", "aac"], form: str, bits: int, options: dict[str, str]
) -> AudioCodecContext:
    context = CodecContext.create(name, "w")
    context.sample_rate = AUDIO_CLOCK
    context.format = form
    context.layout = "stereo"
    context.bit_rate = bits
    context.time_base = Fraction(1, AUDIO_CLOCK)
    context.options = options
    return context


def _send(context: AudioCodecContext, frame: av.AudioFrame, position: int) -> list[AnyPacket]:
    frame.sample_rate = AUDIO_CLOCK
    frame.pts = position
    frame.time_base = Fraction(1, AUDIO_CLOCK)
    return context.encode(frame)
