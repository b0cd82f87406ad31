"""A meeting that people register for by the rules alone, without a database."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hub.domain.local_time import LONDON
from hub.domain.rules import (
    Accepted,
    Consent,
    Decision,
    Kind,
    Mode,
    RuleSet,
    SideName,
    Standing,
    WaitingList,
    Window,
    Wish,
    decide,
)
from hub.domain.rules.decision import answered

THURSDAY = datetime(2026, 11, 26, 18, 30, tzinfo=LONDON)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in November 2026; the meeting is on Thursday the 26th."""
    return datetime(2026, 11, day, hour, minute, tzinfo=LONDON)


@dataclass
class Hall:
    """Takes down who has a place. ``now`` is well before every deadline unless it is set."""

    rules: RuleSet
    starts: datetime = THURSDAY
    now: datetime = THURSDAY - timedelta(days=40)
    agenda_published: bool = True
    standings: list[Standing] = field(default_factory=list)

    def ask(
        self,
        side: SideName | None = None,
        kind: Kind = Kind.SPEAK,
        item: int | None = 1,
        mode: Mode | None = None,
        access_point: str = "",
        text: str = "",
        consent: Consent | None = None,
    ) -> Decision:
        """Register; what is not said is answered with the first choice."""
        modes = self.rules.contributions[kind].modes if kind in self.rules.contributions else ()
        mode, consent = answered(self.rules, kind, mode, consent)
        written = kind is Kind.STATEMENT
        wish = Wish(
            kind,
            item,
            side,
            mode or (modes[0] if modes else None),
            access_point,
            consent or (None if written else self.rules.consents[0]),
            text,
        )
        decision = decide(self.rules, self.window, wish, self.standings, self.now)
        self._take_down(wish, decision)
        return decision

    @property
    def window(self) -> Window:
        return Window(self.starts, self.agenda_published)

    def _take_down(self, wish: Wish, decision: Decision) -> None:
        if not isinstance(decision, Accepted | WaitingList):
            return
        waiting = isinstance(decision, WaitingList)
        if isinstance(decision, Accepted) and decision.displaced is not None:
            self.standings = [
                replace(one, waiting=True) if one.id == decision.displaced else one for one in self.standings
            ]
        number = len(self.standings) + 1
        late = isinstance(decision, WaitingList) and decision.late
        self.standings.append(
            Standing(
                number,
                number,
                wish.kind,
                wish.item_id,
                wish.side,
                decision.seconds,
                waiting=waiting,
                late=late,
            )
        )

    def asked(self, *sides: SideName | None, item: int | None = 1) -> str:
        """One letter for each: A accepted, W waiting list, S statement only, R refused."""
        letters = {"Accepted": "A", "WaitingList": "W", "StatementOnly": "S", "Refused": "R"}
        return "".join(letters[type(self.ask(side, item=item)).__name__] for side in sides)
