"""What a room was told last, so that the next telling need only be what changed.

A delta names the version that it changes (``from``). A client that holds another one, because it missed
something, has just come, or was told by another hub, asks for the whole snapshot.
"""

from collections import OrderedDict
from typing import cast

from hub.domain.snapshots import PublicSnapshot
from signalling.patch import Json, difference

MEETINGS = 32

Telling = tuple[str, dict[str, Json]]
"""An event with its payload."""


class Deltas:
    """Of the meetings that changed last; of others the next telling is whole."""

    def __init__(self) -> None:
        self._told: OrderedDict[str, dict[str, Json]] = OrderedDict()

    def next(self, ref: str, snapshot: PublicSnapshot) -> Telling:
        """Tell a room this snapshot: as ``delta``, or as ``state`` when nothing was told before."""
        state = cast("dict[str, Json]", snapshot.model_dump(mode="json"))
        before = self._told.get(ref)
        self._told[ref] = state
        self._told.move_to_end(ref)
        if len(self._told) > MEETINGS:
            self._told.popitem(last=False)
        if before is None:
            return "state", state
        patch = cast("list[Json]", list(difference(before, state)))
        return "delta", {"from": before["version"], "version": state["version"], "patch": patch}
