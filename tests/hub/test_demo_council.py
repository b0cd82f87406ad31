from datetime import timedelta

from hub.domain.demo_council import seed
from hub.domain.services.accounts import redeem
from hub.domain.services.registration import speaker_by_token
from hub.domain.services.stream_keys import holder_of_key
from hub.domain.states.speaker import SpeakerState
from hub.domain.views import find_meetings, meeting_page, staff_snapshot
from tests.hub.conftest import House


async def test_seed_has_what_the_demo_prints(house: House) -> None:
    seeded = await seed(house.desk)
    page = await meeting_page(house.desk, seeded.meeting_ref)
    assert [item.item.number for item in page.items] == [f"{number}." for number in range(1, 10)]
    exempt = page.items[8]
    assert (exempt.item.title, exempt.item.restricted) == ("Exempt report (paragraph 3)", True)
    assert (exempt.documents, exempt.documents_withheld) == ([], 1)
    assert page.card.starts_at <= house.clock.now()
    assert page.card.registration_open
    assert (await redeem(house.desk, seeded.sign_in_token)).staff.name == "Ann Clark"
    holder = await speaker_by_token(house.desk, seeded.speaker_token)
    assert (holder.name, holder.state) == ("Sam Lee", SpeakerState.CONFIRMED)
    opened = await holder_of_key(house.desk.store, seeded.stream_key)
    assert opened is not None
    assert (opened.meeting_ref, opened.source) == (seeded.meeting_ref, "chamber")


async def test_seeding_again_doubles_nothing_and_gives_working_links(house: House) -> None:
    first = await seed(house.desk)
    meetings = (await find_meetings(house.desk)).total
    house.clock.advance(minutes=5)
    second = await seed(house.desk)
    assert second.meeting_ref == first.meeting_ref
    assert second.stream_key == first.stream_key
    assert (await find_meetings(house.desk)).total == meetings
    assert (await speaker_by_token(house.desk, second.speaker_token)).name == "Sam Lee"
    speakers = (await staff_snapshot(house.desk, first.meeting_ref)).speakers
    assert sorted(speaker.name for speaker in speakers) == ["Priya Nair", "Sam Lee"]


async def test_upcoming_meetings_take_registrations_and_encoders(house: House) -> None:
    await seed(house.desk)
    later = [
        card
        for card in (await find_meetings(house.desk)).meetings
        if card.starts_at > house.clock.now() + timedelta(days=1)
    ]
    assert len(later) == 2
    assert all(card.registration_open for card in later)
    for card in later:
        assert set((await staff_snapshot(house.desk, card.ref)).stream_keys) == {"chamber", "sign"}


async def test_another_day_gets_another_meeting(house: House) -> None:
    first = await seed(house.desk)
    house.clock.advance(days=1)
    assert (await seed(house.desk)).meeting_ref != first.meeting_ref
