"""People who read aloud: eSpeak NG, a speech synthesiser of Debian's, always the same."""

import io
import shutil
import subprocess

import av
import numpy as np
from av.container import InputContainer

from media.sources.sound import RATE, Sound
from tests.media.programme.speech import stereo, to_loudness

ENGLISH = """
Good evening, and welcome to the Planning Committee. The first item is the application for eleven houses on
land north of Mill Lane. I live at number nine, and I have two things to say. The road is narrow: when a
delivery van stops, nobody passes. In February the field stood under water for three weeks! Who will pay for
the pumps? The report says that drainage can be dealt with later. We heard that about the school, too.
Please do not decide before the survey has been published. Thank you, Chair.
"""
WELSH = """
Noswaith dda, a chroeso i'r Pwyllgor Cynllunio. Yr eitem gyntaf yw'r cais am un ar ddeg o dai ar dir i'r
gogledd o Lôn y Felin. Rwy'n byw yn rhif naw, ac mae gen i ddau beth i'w dweud. Mae'r ffordd yn gul: pan fydd
fan yn stopio, does neb yn gallu pasio. Ym mis Chwefror roedd y cae dan ddŵr am dair wythnos! Pwy fydd yn
talu am y pympiau? Peidiwch â phenderfynu cyn i'r arolwg gael ei gyhoeddi. Diolch, Gadeirydd.
"""


def reading(seconds: float, lufs: float, text: str = ENGLISH, voice: str = "en-gb", pace: int = 160) -> Sound:
    """Somebody reads a text, again and again, at ``pace`` words a minute; of this loudness as a whole."""
    program = shutil.which("espeak-ng")
    if program is None:
        raise RuntimeError("These tests need espeak-ng: install Debian's package espeak-ng")
    spoken = subprocess.run(
        (program, "-v", voice, "-s", str(pace), "--stdout", text), capture_output=True, check=True
    ).stdout
    resampler = av.AudioResampler("flt", "mono", RATE)
    with av.open(io.BytesIO(spoken)) as container:
        assert isinstance(container, InputContainer)
        frames = [made for frame in container.decode(audio=0) for made in resampler.resample(frame)]
    once = np.concatenate([frame.to_ndarray()[0] for frame in (*frames, *resampler.resample(None))])
    return to_loudness(stereo(np.resize(once, round(seconds * RATE)).astype(np.float64)), lufs)
