"""Our meter beside ffmpeg's."""

import av
import numpy as np
import pytest
from av.filter import Graph

from media.programme.loudness import KWeighting, LoudnessMeter, gated, integrated
from media.sources.sound import RATE, Sound
from tests.media.programme.speech import blocks, noise, speech, tone


def ffmpeg_loudness(sound: Sound) -> tuple[float, list[float], list[float]]:
    """Integrated, and every momentary and short-term value, by libavfilter's ``ebur128``."""
    graph = Graph()
    source = graph.add_abuffer(sample_rate=RATE, format="flt", layout="stereo")
    meter = graph.add("ebur128", "metadata=1")
    sink = graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    momentary, short, last = [], [], -120.0
    for number in range(0, len(sound) - 4799, 4800):
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(sound[number : number + 4800]).reshape(1, -1), "flt", "stereo"
        )
        frame.sample_rate, frame.pts = RATE, number
        source.push(frame)
        measured = sink.pull().metadata
        momentary.append(float(measured["lavfi.r128.M"]))
        short.append(float(measured["lavfi.r128.S"]))
        last = float(measured["lavfi.r128.I"])
    return last, momentary, short


@pytest.mark.parametrize(
    "sound",
    [speech(20, -23), speech(20, -40, 3), noise(8, -30), tone(8, 997, 0.1), tone(8, 80, 0.5)],
    ids=["speech", "quiet", "noise", "997 Hz", "80 Hz"],
)
def test_it_agrees_with_ffmpeg(sound: Sound) -> None:
    theirs, momentary, short = ffmpeg_loudness(sound)
    assert integrated(sound) == pytest.approx(theirs, abs=0.2)
    meter = LoudnessMeter()
    ours = [(meter.momentary, meter.short_term) for block in blocks(sound) if meter.put(block)]
    for number in range(35, len(ours)):
        assert ours[number][1] == pytest.approx(short[number], abs=0.2)
        if momentary[number] > -60:
            assert ours[number][0] == pytest.approx(momentary[number], abs=0.2)


def test_a_full_scale_sine_on_one_channel_is_at_minus_three() -> None:
    """BS.1770-4: 997 Hz, 0 dBFS, left channel alone reads -3.01 LUFS."""
    sound = tone(5, 997, 1.0)
    sound[:, 1] = 0
    assert integrated(sound) == pytest.approx(-3.01, abs=0.05)


def test_silence_does_not_count() -> None:
    talk = speech(20, -23)
    padded = np.concatenate((talk, np.zeros((RATE * 40, 2), np.float32)))
    assert integrated(padded) == pytest.approx(-23, abs=0.1)
    assert gated([]) == -120.0


def test_the_filter_does_not_care_how_sound_was_cut() -> None:
    sound = noise(1, -20)
    whole = KWeighting().filter(sound)
    pieces = KWeighting()
    parts = np.concatenate([pieces.filter(block) for block in blocks(sound)])
    assert np.allclose(whole, parts, atol=1e-12)
    with pytest.raises(ValueError, match="multiple"):
        pieces.filter(sound[:50])
