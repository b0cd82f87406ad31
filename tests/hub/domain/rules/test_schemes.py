"""The schemes of thirteen councils, each as its own file has it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from hub.domain.local_time import LONDON
from hub.domain.rules import (
    YORK,
    Accepted,
    After,
    Consent,
    Kind,
    Mode,
    Promise,
    Refused,
    SideName,
    WaitingList,
    closing,
    offered,
    shared_seconds,
)
from hub.rules import names, scheme
from tests.hub.domain.rules.hall import Hall, at

FOR, AGAINST, APPLICANT = SideName.FOR, SideName.AGAINST, SideName.APPLICANT


def closes(hall: Hall, kind: Kind = Kind.SPEAK) -> datetime:
    return closing(hall.rules, kind, hall.window, hall.now).at


def test_there_are_thirteen_and_york_is_the_default() -> None:
    assert len(names()) == 13
    assert scheme("york") == YORK


def test_york() -> None:
    hall = Hall(YORK)
    assert closes(hall) == at(24, 17)
    monday = replace(hall, starts=at(23, 17, 30))
    assert closes(monday) == at(19, 17), "a Monday's meeting closes on the Thursday before"
    assert hall.asked(*[None] * 11) == "A" * 10 + "W"
    assert {one.seconds for one in hall.standings} == {180}
    assert isinstance(hall.ask(item=None, kind=Kind.STATEMENT, text="Trees."), Accepted), "a remit is enough"
    assert closes(hall, Kind.STATEMENT) == at(5, 17), "three weeks before"
    hall.now = at(24, 17)
    assert hall.ask() == Refused("Registration closed on 24 November 2026 at 17:00.")
    assert YORK.spokesperson
    assert YORK.contributions[Kind.SPEAK].modes == (Mode.IN_PERSON, Mode.REMOTE, Mode.PHONE)


def test_guildford() -> None:
    hall = Hall(scheme("guildford"), starts=at(24, 19))
    assert closes(hall, Kind.QUESTION) == at(19, 12), "a Tuesday's meeting closes on the Thursday before"
    assert hall.ask(kind=Kind.QUESTION) == Refused("Enter your question.", "text")
    asked = hall.ask(kind=Kind.QUESTION, text="Why?")
    assert asked == Accepted(180, Promise.WRITTEN_ANSWER)
    assert hall.rules.supplementary_seconds == 180
    assert hall.ask(kind=Kind.SPEAK) == Refused("Choose one from the list.", "kind")
    answers = [hall.ask(kind=Kind.QUESTION, text="Why?") for _ in range(10)]
    assert [type(one) for one in answers] == [Accepted] * 9 + [WaitingList]
    assert isinstance(hall.ask(kind=Kind.STATEMENT, text="Instead."), Accepted)


def test_wiltshire() -> None:
    hall = Hall(scheme("wiltshire"))
    assert closes(hall, Kind.QUESTION) == at(19, 17)
    assert hall.ask(kind=Kind.QUESTION, text="Why?") == Accepted(180, Promise.WRITTEN_ANSWER)
    hall.now = at(19, 17)
    assert closes(hall, Kind.QUESTION) == at(23, 17)
    assert hall.ask(kind=Kind.QUESTION, text="Why?") == Accepted(180, Promise.SPOKEN_ANSWER)
    hall.now = at(23, 17)
    urgent = hall.ask(kind=Kind.QUESTION, text="Why?")
    assert isinstance(urgent, WaitingList)
    assert urgent.late
    assert "The chair decides" in urgent.sentence
    assert isinstance(hall.ask(kind=Kind.STATEMENT, text="Trees."), Accepted)
    hall.now = at(25, 17)
    assert isinstance(hall.ask(kind=Kind.STATEMENT, text="Trees."), Refused)


def test_mid_sussex() -> None:
    hall = Hall(scheme("mid_sussex"))
    assert closes(hall, Kind.QUESTION) == at(24, 13)
    assert isinstance(hall.ask(kind=Kind.QUESTION, text="word " * 100), Accepted)
    too_long = hall.ask(kind=Kind.QUESTION, text="word " * 103)
    assert too_long == Refused("Shorten your text to 100 words: it has 103, 3 too many.", "text")
    assert hall.ask(kind=Kind.QUESTION) == Refused("Enter your question.", "text")


def test_east_suffolk() -> None:
    hall = Hall(scheme("east_suffolk_planning"), agenda_published=False)
    assert hall.ask(AGAINST) == Refused("Registration opens when the agenda is published.")
    hall.agenda_published = True
    assert closes(hall) == at(25, 17)
    parties = (AGAINST, AGAINST, AGAINST, SideName.PARISH, APPLICANT, SideName.WARD_MEMBER)
    assert hall.asked(*parties) == "AAAAAA"
    assert list(shared_seconds(hall.rules, hall.standings).values()) == [60, 60, 60, 180, 180, 180]
    assert isinstance(hall.ask(AGAINST, mode=Mode.REMOTE), Accepted)
    assert hall.ask(AGAINST, mode=Mode.PHONE) == Refused("Say how you want to take part.", "mode")
    assert hall.ask(FOR) == Refused("Say from which side you speak.", "side")
    assert hall.rules.visuals is not None
    assert hall.rules.visuals.closes.moment(hall.starts) == at(25, 18, 30)


def test_preston() -> None:
    hall = Hall(scheme("preston_planning"))
    assert closes(hall) == at(23, 12)
    assert hall.asked(AGAINST, FOR, APPLICANT, AGAINST, SideName.WARD_MEMBER) == "AAAWA"
    assert [one.seconds for one in hall.standings] == [180, 180, 180, 180, 360]
    assert [side.name for side in hall.rules.sides][-1] is SideName.WARD_MEMBER
    assert hall.rules.order == "sides"
    assert hall.rules.members_may_question
    assert hall.asked(FOR, item=2) == "A", "the places are those of an item"


def test_dorset() -> None:
    hall = Hall(scheme("dorset_planning"))
    assert closes(hall) == at(23, 8, 30), "Tuesday and Wednesday lie clear between"
    assert hall.asked(FOR, FOR, FOR, FOR) == "AAAW"
    assert hall.asked(AGAINST, AGAINST, APPLICANT, SideName.MP, SideName.PARISH) == "AAAWA"


def test_barnet() -> None:
    hall = Hall(scheme("barnet_planning"))
    assert closes(hall) == at(23, 10)
    assert hall.asked(AGAINST, AGAINST, AGAINST, FOR) == "AAWA"
    assert [one.waiting for one in hall.standings] == [False, True, True, False], "one of each side"
    assert hall.asked(FOR, AGAINST) == "WW"
    assert hall.rules.share_contacts
    assert shared_seconds(hall.rules, hall.standings) == {}, "a slot is not divided"


def test_barnet_leaves_a_place_to_whom_an_officer_confirmed() -> None:
    hall = Hall(scheme("barnet_planning"))
    hall.asked(AGAINST, AGAINST)
    hall.standings = [replace(one, settled=True) for one in hall.standings]
    assert hall.asked(FOR) == "W"


def test_reigate_and_banstead() -> None:
    hall = Hall(scheme("reigate_and_banstead"), agenda_published=False)
    assert offered(hall.rules, hall.window, hall.now) == []
    assert isinstance(hall.ask(), Refused)
    hall.agenda_published = True
    assert closes(hall) == at(24, 17)
    assert hall.asked(*[None] * 30) == "A" * 30
    assert hall.rules.visuals is None
    assert "pictures" in hall.rules.words["en"]


def test_boston() -> None:
    hall = Hall(scheme("boston_planning"))
    assert closes(hall) == at(23, 12)
    assert hall.asked(FOR, SideName.WARD_MEMBER) == "AA"
    assert [one.seconds for one in hall.standings] == [180, 300]
    assert isinstance(hall.ask(FOR, mode=Mode.REMOTE), Accepted)


def test_rhondda_cynon_taf() -> None:
    hall = Hall(scheme("rhondda_cynon_taf"))
    assert closes(hall) == hall.starts
    assert hall.rules.consents == (Consent.PICTURE_AND_SOUND,), "choosing it is agreeing to it"
    assert hall.ask(mode=Mode.REMOTE) == Accepted(300)
    assert hall.ask(kind=Kind.VIDEO) == Accepted(300)
    assert isinstance(hall.ask(kind=Kind.STATEMENT, text="gair " * 500), Accepted)
    assert isinstance(hall.ask(kind=Kind.STATEMENT, text="gair " * 501), Refused)
    hall.now = hall.starts
    assert isinstance(hall.ask(), Refused)


def test_cherwell() -> None:
    hall = Hall(scheme("cherwell"))
    assert hall.ask() == Accepted(300)
    assert hall.rules.members_may_question is False
    hall.now = hall.starts - timedelta(seconds=1)
    assert hall.ask() == Accepted(300)


def test_austin() -> None:
    hall = Hall(scheme("austin"))
    assert hall.ask(access_point="At home") == Refused(
        "Choose the place from which you take part.", "access_point"
    )
    taken = [hall.ask(access_point="Carver Branch") for _ in range(11)]
    assert [type(one) for one in taken] == [Accepted] * 10 + [WaitingList]


@pytest.mark.parametrize("name", names())
def test_what_happens_after_a_deadline_is_known_for_every_kind(name: str) -> None:
    hall = Hall(scheme(name), now=datetime(2026, 1, 2, tzinfo=LONDON))
    for kind in hall.rules.contributions:
        known = closing(hall.rules, kind, hall.window, hall.now)
        assert known.at <= hall.starts
        assert known.after in After
