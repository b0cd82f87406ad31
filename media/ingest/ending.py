"""Why a delivery ended."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ending:
    """``known``: the hub knows it already, or it needs no telling."""

    sentence: str
    known: bool = False
