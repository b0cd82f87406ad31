"""Loudness by ITU-R BS.1770-4 and EBU Tech 3341: K-weighting, momentary, short-term and gated loudness."""

import math
from collections import deque
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from media.sources.sound import RATE, Sound

TENTH = RATE // 10
"""Samples: gating blocks overlap by three quarters, so a new one is complete every tenth of a second."""
MOMENTARY_TENTHS = 4
SHORT_TERM_TENTHS = 30
ABSOLUTE_GATE = -70.0
RELATIVE_GATE = -10.0
QUIETEST = -120.0

Samples = NDArray[np.float64]

# BS.1770-4 annex 1, tables 1 and 2: the head's shelf, then the high pass, both for 48 kHz.
_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (-1.69065929318241, 0.73248077421585))
_HIGH_PASS = ((1.0, -2.0, 1.0), (-1.99004745483398, 0.99007225036621))
_OFFSET = -0.691
_ROW = 96
"""Samples that are filtered by one matrix product."""


class KWeighting:
    """The two biquads in series over two channels.

    A recursive filter cannot be written as one numpy operation, but its state-space form can: ``_ROW``
    outputs are a matrix times as many inputs, plus a matrix times the four numbers the filter remembers. What
    it remembers before each row of a block is a matrix times what it does before the first, plus one times
    what each row adds.
    """

    def __init__(self) -> None:
        self._state: Samples = np.zeros((4, 2))

    def filter(self, sound: Sound) -> Samples:
        """The weighted sound, shape (samples, 2). The length is a multiple of 96, or ``ValueError``."""
        if len(sound) % _ROW:
            raise ValueError(f"{len(sound)} samples are not a multiple of {_ROW}")
        count = len(sound) // _ROW
        # Row by row side by side, both channels of each: shape (96, rows * 2).
        rows = sound.reshape(count, _ROW, 2).transpose(1, 0, 2).reshape(_ROW, count * 2).astype(np.float64)
        kicks = (_INTO @ rows).reshape(4, count, 2).transpose(1, 0, 2).reshape(count * 4, 2)
        kept, added = _course(count)
        states = (kept @ self._state + added @ kicks).reshape(count + 1, 4, 2)
        self._state = states[count]
        before = states[:count].transpose(1, 0, 2).reshape(4, count * 2)
        weighted: Samples = _DIRECT @ rows + _OUT @ before
        return weighted.reshape(_ROW, count, 2).transpose(1, 0, 2).reshape(-1, 2)

    def reset(self) -> None:
        """Forget the past."""
        self._state = np.zeros((4, 2))


class LoudnessMeter:
    """Driven by samples, never by a clock. Stereo, both channels at weight one."""

    def __init__(self) -> None:
        self._weighting = KWeighting()
        self._waiting: list[Sound] = []
        self._count = 0
        self._tenths: deque[float] = deque(maxlen=SHORT_TERM_TENTHS)

    def put(self, sound: Sound) -> bool:
        """Take a block, shape (samples, 2), that divides a tenth of a second. Whether it completed one.

        Until then the block is kept; nobody may write to it.

        Raises ``ValueError`` for a block of another length.
        """
        if not len(sound) or TENTH % len(sound):
            raise ValueError(f"A block of {len(sound)} samples does not divide {TENTH}")
        self._waiting.append(sound)
        self._count += len(sound)
        if self._count < TENTH:
            return False
        # All at once: filtering five blocks takes hardly longer than one.
        weighted = self._weighting.filter(np.concatenate(self._waiting))
        self._tenths.append(float(np.vdot(weighted, weighted)) / TENTH)
        self._waiting, self._count = [], 0
        return True

    @property
    def tenth_energy(self) -> float:
        """Mean square of the last whole tenth, both channels together."""
        return self._tenths[-1] if self._tenths else 0.0

    @property
    def momentary_energy(self) -> float | None:
        """Mean square of the last 400 ms; ``None`` before there were so many."""
        if len(self._tenths) < MOMENTARY_TENTHS:
            return None
        return sum(list(self._tenths)[-MOMENTARY_TENTHS:]) / MOMENTARY_TENTHS

    @property
    def momentary(self) -> float:
        """LUFS of the last 400 ms."""
        return lufs(self.momentary_energy or 0.0)

    @property
    def short_term(self) -> float:
        """LUFS of the last 3 s, or of what there was."""
        return lufs(sum(self._tenths) / len(self._tenths)) if self._tenths else QUIETEST

    def reset(self) -> None:
        """Forget everything."""
        self._weighting.reset()
        self._tenths.clear()
        self._waiting, self._count = [], 0


def lufs(energy: float) -> float:
    """Loudness of a K-weighted mean square; never under -120."""
    return _OFFSET + 10.0 * math.log10(energy) if energy > 1e-12 else QUIETEST


def energy_of(loudness: float) -> float:
    """The other way round."""
    return float(10.0 ** ((loudness - _OFFSET) / 10.0))


def gated(energies: Iterable[float]) -> float:
    """Integrated loudness of momentary energies, LUFS, with both gates (BS.1770-4 annex 1, section 2)."""
    loud = [energy for energy in energies if energy > energy_of(ABSOLUTE_GATE)]
    if not loud:
        return QUIETEST
    gate = sum(loud) / len(loud) * 10.0 ** (RELATIVE_GATE / 10.0)
    kept = [energy for energy in loud if energy > gate]
    return lufs(sum(kept) / len(kept)) if kept else QUIETEST


def integrated(sound: Sound) -> float:
    """Integrated loudness of a recording, shape (samples, 2), LUFS; less than a tenth does not count."""
    meter = LoudnessMeter()
    blocks = (sound[start : start + TENTH] for start in range(0, len(sound) - TENTH + 1, TENTH))
    found = [meter.momentary_energy for block in blocks if meter.put(block)]
    return gated(energy for energy in found if energy is not None)


def _series() -> tuple[Samples, Samples, Samples, float]:
    """Both biquads as one system: x' = A x + B u, y = C x + D u (direct form II, transposed)."""

    def biquad(
        b: tuple[float, float, float], a: tuple[float, float]
    ) -> tuple[Samples, Samples, Samples, float]:
        step = np.array([[-a[0], 1.0], [-a[1], 0.0]])
        into = np.array([[b[1] - a[0] * b[0]], [b[2] - a[1] * b[0]]])
        return step, into, np.array([[1.0, 0.0]]), b[0]

    a1, b1, c1, d1 = biquad(*_SHELF)
    a2, b2, c2, d2 = biquad(*_HIGH_PASS)
    step = np.block([[a1, np.zeros((2, 2))], [b2 @ c1, a2]])
    return step, np.vstack([b1, b2 * d1]), np.hstack([c1 * d2, c2]), d1 * d2


def _matrices() -> tuple[Samples, Samples, Samples, Samples]:
    a, b, c, d = _series()
    powers = [np.linalg.matrix_power(a, number) for number in range(_ROW + 1)]
    response = [d, *((c @ powers[number] @ b).item() for number in range(_ROW - 1))]
    direct = np.array(
        [[response[row - column] if row >= column else 0.0 for column in range(_ROW)] for row in range(_ROW)]
    )
    into = np.hstack([powers[_ROW - 1 - number] @ b for number in range(_ROW)])
    return direct, np.vstack([c @ powers[number] for number in range(_ROW)]), powers[_ROW], into


_DIRECT, _OUT, _STEP, _INTO = _matrices()


@lru_cache(maxsize=8)
def _course(count: int) -> tuple[Samples, Samples]:
    """What is remembered before each of ``count`` rows and after the last, four numbers each.

    From what was remembered at first, shape (4 * (count + 1), 4), and from what the rows add, shape
    (4 * (count + 1), 4 * count).
    """
    powers = [np.linalg.matrix_power(_STEP, number) for number in range(count + 1)]
    nothing = np.zeros((4, 4))
    added = [
        np.hstack([powers[row - 1 - column] if row > column else nothing for column in range(count)])
        for row in range(count + 1)
    ]
    return np.vstack(powers), np.vstack(added)
