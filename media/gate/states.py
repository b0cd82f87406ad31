"""The theory of the gate: which state may follow which. Pure; no clock, no disk.

::

    waiting ──► open ◄──► private ◄──► adjourned ◄──► technical
       ▲                                                  │
       └──────────────────────────────────────────────────┘
    any of them ──► ended, which is final

A closed state may be entered from every state but ``ended``, so that nothing but the end of the meeting can
stand in the way of a cut. ``waiting`` promises a meeting that has not begun, so nothing leads back to it but
a technical fault. The same closed state may be entered again (the next restricted item); ``open`` may not.
"""

from media.control.studio import GateState

_CUTS = frozenset({GateState.PRIVATE, GateState.ADJOURNED, GateState.TECHNICAL, GateState.ENDED})

TABLE: dict[GateState, frozenset[GateState]] = {
    GateState.WAITING: _CUTS | {GateState.WAITING, GateState.OPEN},
    GateState.OPEN: _CUTS,
    GateState.PRIVATE: _CUTS | {GateState.OPEN},
    GateState.ADJOURNED: _CUTS | {GateState.OPEN},
    GateState.TECHNICAL: _CUTS | {GateState.OPEN, GateState.WAITING},
    GateState.ENDED: frozenset(),
}


class IllegalTransition(Exception):  # noqa: N818  names what was asked
    """The table does not know this move; nothing was changed."""

    def __init__(self, before: GateState, after: GateState) -> None:
        super().__init__(f"The gate cannot go from {before.value} to {after.value}.")
        self.before = before
        self.after = after


class NotConfirmed(Exception):  # noqa: N818  names what is missing
    """Opening to the public asks for a confirmation; nothing was changed."""

    def __init__(self) -> None:
        super().__init__("Opening to the public must be confirmed.")


def check(before: GateState, after: GateState, *, confirmed: bool) -> None:
    """Raises ``IllegalTransition`` or, for an opening without confirmation, ``NotConfirmed``."""
    if after not in TABLE[before]:
        raise IllegalTransition(before, after)
    if after is GateState.OPEN and not confirmed:
        raise NotConfirmed
