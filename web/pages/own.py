"""What the meeting's page shows of the person who looks at it, by the number of their device."""

from dataclasses import dataclass

from aiohttp import web

from hub.domain import views
from hub.domain.snapshots import OwnHand, OwnQuestion
from web import visitors
from web.keys import DESK


@dataclass(frozen=True, slots=True)
class Own:
    """Nothing of it is anybody else's."""

    device: str
    questions: list[OwnQuestion]
    votes: dict[int, list[int]]
    """Poll → what was chosen."""
    hand: OwnHand | None
    told: bool
    """Whether feedback came from here."""
    removed: str
    """Why the device may no longer ask or vote."""

    @property
    def data(self) -> dict[str, object]:
        """For the page's script."""
        hand = self.hand.model_dump() if self.hand is not None else None
        known = {"device": self.device} if self.device else {}
        return {"voted": sorted(self.votes), "hand": hand, **known}


async def own_of(request: web.Request, ref: str) -> Own:
    """The own things of whoever sent this request. Raises ``NotFound``."""
    desk, device = request.app[DESK], visitors.device(request)
    if not device:
        return Own("", [], {}, None, told=False, removed="")
    return Own(
        device=device,
        questions=await views.own_questions(desk, ref, device),
        votes=await views.own_votes(desk, ref, device),
        hand=(await views.own_hands(desk, ref, {device})).get(device),
        told=await views.has_told(desk, ref, device),
        removed=await views.removed_because(desk, ref, device),
    )
