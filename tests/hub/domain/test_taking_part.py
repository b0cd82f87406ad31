"""The committee's rules at work: places, waiting lists, withdrawals, statements."""

import asyncio

import pytest
from sqlmodel import col, select

from hub.domain.errors import Conflict, Forbidden, IllegalTransition, Invalid, NotFound
from hub.domain.models import AgendaItem, AuditEntry, Committee, Registration
from hub.domain.people import Resident
from hub.domain.rules import YORK, Consent, Kind, Mode, Promise, RuleSet, SideName, Wish, parse
from hub.domain.services.registration import Registered, register, take_slot
from hub.domain.services.rules import committee_rules, set_rules
from hub.domain.states.speaker import SpeakerState
from hub.domain.views import chapters, meeting_page, staff_snapshot
from hub.domain.views.load import load
from hub.rules import scheme
from tests.hub.conftest import House

SUBMITTED, WAITING = SpeakerState.SUBMITTED, SpeakerState.WAITING_LIST
COMMITTEE = "Planning Committee A"


async def give(house: House, rules: RuleSet) -> None:
    await set_rules(house.desk, COMMITTEE, rules, "tests")


def places(**limits: object) -> RuleSet:
    return parse(YORK.model_dump(mode="json") | {"places": limits})


async def join(
    house: House, name: str, side: SideName | None = None, item_id: int | None = None
) -> Registered:
    wish = Wish(side=side, mode=Mode.IN_PERSON, consent=Consent.SOUND_ONLY)
    return await register(
        house.desk, house.ref, name=name, email="sam@example.org", item_id=item_id, wish=wish
    )


async def states(house: House) -> dict[str, SpeakerState]:
    async with house.desk.store.read() as session:
        rows = await session.exec(select(Registration).order_by(col(Registration.place)))
        return {row.name: row.state for row in rows}


async def test_of_many_who_press_at_once_no_more_get_a_place_than_there_are(house: House) -> None:
    await give(house, places(meeting=10))
    taken = await asyncio.gather(*(join(house, f"Resident {number}") for number in range(25)))
    assert [one.state for one in taken].count(SUBMITTED) == 10
    assert [one.state for one in taken].count(WAITING) == 15
    async with house.desk.store.read() as session:
        rows = (await session.exec(select(Registration))).all()
    assert sorted(row.place for row in rows) == list(range(1, 26)), "nobody shares a place in the queue"
    assert {row.place for row in rows if row.state is SUBMITTED} == set(range(1, 11))


async def test_the_waiting_list_moves_up_when_somebody_withdraws(house: House) -> None:
    await give(house, places(meeting=2))
    first, *_ = [await join(house, name) for name in ("A", "B", "C", "D")]
    await take_slot(house.desk, first.token, "phone")
    await house.do("speaker.withdraw", Resident(first.registration_id, house.meeting_id, "phone"))
    assert await states(house) == {
        "A": SpeakerState.WITHDRAWN,
        "B": SUBMITTED,
        "C": SUBMITTED,
        "D": WAITING,
    }
    async with house.desk.store.read() as session:
        moved = select(AuditEntry).where(AuditEntry.action == "speaker.move_up")
        (entry,) = (await session.exec(moved)).all()
    assert (entry.who, entry.before, entry.after) == ("Moot Hall", "waiting_list", "submitted")


async def test_and_when_an_officer_declines(house: House) -> None:
    await give(house, places(meeting=1))
    first, _ = await join(house, "A"), await join(house, "B")
    await house.do("speaker.decline", registration_id=first.registration_id)
    assert await states(house) == {"A": SpeakerState.DECLINED, "B": SUBMITTED}


async def test_two_who_withdraw_at_once_let_two_move_up(house: House) -> None:
    await give(house, places(meeting=2))
    joined = [await join(house, name) for name in ("A", "B", "C", "D")]
    for one in joined[:2]:
        await take_slot(house.desk, one.token, "phone")
    await asyncio.gather(
        *(
            house.do("speaker.withdraw", Resident(one.registration_id, house.meeting_id, "phone"))
            for one in joined[:2]
        )
    )
    assert list((await states(house)).values()) == [SpeakerState.WITHDRAWN] * 2 + [SUBMITTED] * 2


async def test_the_other_side_is_heard(house: House) -> None:
    await give(house, scheme("barnet_planning"))
    item = house.items[2]
    for name in ("A", "B"):
        await join(house, name, SideName.AGAINST, item)
    await join(house, "C", SideName.FOR, item)
    assert await states(house) == {"A": SUBMITTED, "B": WAITING, "C": SUBMITTED}


async def test_a_place_that_an_officer_confirmed_is_kept(house: House) -> None:
    await give(house, scheme("barnet_planning"))
    item = house.items[2]
    for name in ("A", "B"):
        one = await join(house, name, SideName.AGAINST, item)
        await house.do("speaker.confirm", registration_id=one.registration_id)
    assert (await join(house, "C", SideName.FOR, item)).state is WAITING


async def test_a_shared_slot_is_shared_anew_as_people_come_and_go(house: House) -> None:
    await give(house, scheme("east_suffolk_planning"))
    item = house.items[2]
    joined = [await join(house, name, SideName.AGAINST, item) for name in ("A", "B", "C")]
    assert [(await house.speaker(one.registration_id)).seconds for one in joined] == [60, 60, 60]
    await house.do("speaker.decline", registration_id=joined[1].registration_id)
    assert [(await house.speaker(one.registration_id)).seconds for one in joined] == [90, 60, 90]


async def test_sides_speak_in_the_order_of_the_rules(house: House) -> None:
    await give(house, scheme("preston_planning"))
    item = house.items[2]
    for name, side in (("W", SideName.WARD_MEMBER), ("F", SideName.FOR), ("A", SideName.AGAINST)):
        one = await join(house, name, side, item)
        await house.do("speaker.confirm", registration_id=one.registration_id)
        await take_slot(house.desk, one.token, name)
        await house.do("speaker.check_in", Resident(one.registration_id, house.meeting_id, name))
    async with house.desk.store.read() as session:
        queue = (await load(session, house.ref)).queue()
    assert [row.name for row in queue] == ["A", "F", "W"]


async def test_a_statement_is_read_out_and_nobody_is_connected_for_it(house: House) -> None:
    await give(house, places(meeting=1))
    wish = Wish(mode=Mode.REMOTE, consent=Consent.READ_OUT, text="The limes should stay.")
    sent = await register(house.desk, house.ref, name="Sam", email="sam@example.org", wish=wish)
    number = sent.registration_id
    await house.do("speaker.confirm", registration_id=number)
    await take_slot(house.desk, sent.token, "phone")
    with pytest.raises(IllegalTransition, match="An officer brings"):
        await house.do("speaker.check_in", Resident(number, house.meeting_id, "phone"))
    await house.live()
    await house.do("speaker.read_out", registration_id=number)
    assert (await house.speaker(number)).state is SpeakerState.DONE
    labels = [point.label for point in await chapters(house.desk, house.ref)]
    assert "Sam, resident (read out)" in labels


async def test_who_speaks_for_themselves_is_not_read_out(house: House) -> None:
    one = await join(house, "Sam")
    await house.do("speaker.confirm", registration_id=one.registration_id)
    with pytest.raises(IllegalTransition, match="speak for themselves"):
        await house.do("speaker.read_out", registration_id=one.registration_id)
    assert (await house.speaker(one.registration_id)).state is SpeakerState.CONFIRMED


async def test_officers_see_what_was_asked_and_the_public_do_not(house: House) -> None:
    wish = Wish(
        mode=Mode.PHONE,
        consent=Consent.SOUND_ONLY,
        access_needs="A chair with arms",
        spokesperson_for="Friends of the Limes",
        text="PRIVATE-TEXT",
        may_share=True,
    )
    await register(house.desk, house.ref, name="Sam", email="sam@example.org", wish=wish)
    (row,) = (await staff_snapshot(house.desk, house.ref)).speakers
    assert (row.mode, row.consent, row.access_needs) == ("phone", "sound_only", "A chair with arms")
    assert (row.spokesperson_for, row.text, row.may_share) == ("Friends of the Limes", "PRIVATE-TEXT", True)
    page = (await meeting_page(house.desk, house.ref)).model_dump_json()
    for secret in ("A chair with arms", "Friends of the Limes", "PRIVATE-TEXT", "sam@example.org"):
        assert secret not in page


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (Wish(), "mode"),
        (Wish(mode=Mode.REMOTE), "consent"),
        (Wish(mode=Mode.ACCESS_POINT, consent=Consent.SOUND_ONLY), "mode"),
        (Wish(kind=Kind.VIDEO), "kind"),
        (Wish(mode=Mode.REMOTE, consent=Consent.READ_OUT), "text"),
        (Wish(mode=Mode.REMOTE, consent=Consent.SOUND_ONLY, side=SideName.FOR), "side"),
        (Wish(mode=Mode.REMOTE, consent=Consent.SOUND_ONLY, access_needs="x" * 1001), "access_needs"),
        (Wish(mode=Mode.REMOTE, consent=Consent.SOUND_ONLY, text="x" * 10_001), "text"),
    ],
)
async def test_what_the_rules_ask_has_to_be_answered(house: House, wish: Wish, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        await register(house.desk, house.ref, name="Sam", email="sam@example.org", wish=wish)
    assert caught.value.field == field
    assert await states(house) == {}


async def test_beyond_the_places_a_statement_may_be_all_that_is_left(house: House) -> None:
    await give(house, places(meeting=1, waiting_list=False))
    await join(house, "A")
    with pytest.raises(Conflict, match="written statement instead") as caught:
        await join(house, "B")
    assert caught.value.field == "kind"
    assert await states(house) == {"A": SUBMITTED}
    wish = Wish(kind=Kind.STATEMENT, text="Trees.")
    sent = await register(house.desk, house.ref, name="B", email="b@example.org", wish=wish)
    assert sent.state is SUBMITTED


async def test_a_promise_is_told(house: House) -> None:
    await give(house, scheme("guildford"))
    wish = Wish(
        kind=Kind.QUESTION, mode=Mode.REMOTE, consent=Consent.PICTURE_AND_SOUND, text="Why not sooner?"
    )
    asked = await register(house.desk, house.ref, name="Sam", email="sam@example.org", wish=wish)
    assert asked.promise is Promise.WRITTEN_ANSWER


async def test_more_places_let_people_move_up_and_fewer_send_nobody_away(house: House) -> None:
    await give(house, places(meeting=1))
    for name in ("A", "B", "C"):
        await join(house, name)
    assert await set_rules(house.desk, "planning  committee a", places(meeting=2), "tests") == 1
    assert list((await states(house)).values()) == [SUBMITTED, SUBMITTED, WAITING]
    assert await set_rules(house.desk, "7", places(meeting=1), "tests") == 0
    assert list((await states(house)).values()) == [SUBMITTED, SUBMITTED, WAITING]
    assert (await committee_rules(house.desk, "7")).places.meeting == 1


async def test_rules_of_a_committee_that_is_not_there(house: House) -> None:
    with pytest.raises(NotFound, match=r"There are: Planning Committee A \(7\)"):
        await set_rules(house.desk, "Licensing", YORK, "tests")


async def test_a_committee_that_does_not_hear_the_public(house: House) -> None:
    await give(house, parse({"name": "Licensing", "contributions": {}}))
    with pytest.raises(Forbidden, match="do not take part"):
        await join(house, "A")
    page = await meeting_page(house.desk, house.ref)
    assert "do not take part" in page.registration_closed_because
    assert (page.card.registration_closes_at, page.card.registration_open) == (None, False)


async def test_before_the_agenda_it_may_be_too_early(house: House) -> None:
    await give(house, scheme("reigate_and_banstead"))
    async with house.desk.store.write() as session:
        for item in (await session.exec(select(AgendaItem))).all():
            item.removed = True
    with pytest.raises(Forbidden, match="when the agenda is published"):
        await join(house, "A")
    page = await meeting_page(house.desk, house.ref)
    assert page.registration_closed_because == "Registration opens when the agenda is published."
    assert not page.card.registration_open


async def test_what_the_database_holds_is_the_rule_set(house: House) -> None:
    assert await committee_rules(house.desk, COMMITTEE) == YORK
    await give(house, scheme("dorset_planning"))
    async with house.desk.store.read() as session:
        (committee,) = (await session.exec(select(Committee))).all()
    assert parse(committee.rules or {}) == scheme("dorset_planning")
