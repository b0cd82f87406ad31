"""Judging sound: how strong one frequency is."""

import numpy as np
from numpy.typing import NDArray

from media.sources.sound_buffer import RATE


def tone_dbfs(samples: NDArray[np.floating], hertz: float) -> float:
    """The level of a sine of this frequency in the samples, peak, in dB below full scale; -120 at least."""
    if not len(samples):
        return -120.0
    window = np.hanning(len(samples))
    at = np.arange(len(samples))
    bin_ = np.abs(np.sum(samples * window * np.exp(-2j * np.pi * hertz * at / RATE)))
    return max(-120.0, 20 * float(np.log10(max(1e-9, 2 * bin_ / np.sum(window)))))


def peak_dbfs(samples: NDArray[np.floating]) -> float:
    """The highest sample, in dB below full scale; -120 at least."""
    peak = float(np.max(np.abs(samples))) if len(samples) else 0.0
    return max(-120.0, 20 * float(np.log10(max(1e-6, peak))))


def band_dbfs(samples: NDArray[np.floating], hertz: float, width: float = 40.0) -> float:
    """The same of all within ``width`` Hz around it: a tone stretched a little is still that tone.

    Of sound that has passed a studio: while a source catches up, 2500 Hz are some Hz off for half a minute.
    """
    if not len(samples):
        return -120.0
    window = np.hanning(len(samples))
    power = (np.abs(np.fft.rfft(samples * window)) * 2 / np.sum(window)) ** 2
    at = np.fft.rfftfreq(len(samples), 1 / RATE)
    total = float(power[np.abs(at - hertz) <= width].sum()) / 1.5
    return max(-120.0, 10 * float(np.log10(max(1e-12, total))))
