"""Discussions before a meeting: who may write until when, who reads what, and what stays."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hub.domain import views
from hub.domain.errors import Conflict, Forbidden, IllegalTransition, Invalid, NotFound, TooMany
from hub.domain.models import AgendaItem
from hub.domain.services import addresses
from hub.domain.states.topic import TopicState
from tests.hub.conftest import House
from tests.hub.discussions import CLOSES, Hall, open_hall
from tests.hub.fakes import START


@pytest.fixture
async def hall(house: House) -> Hall:
    return await open_hall(house)


async def everything_public(hall: Hall) -> str:
    """All that anybody may see of the meeting."""
    page = await views.meeting_page(hall.house.desk, hall.house.ref)
    snapshot = await views.public_snapshot(hall.house.desk, hall.house.ref)
    return page.model_dump_json() + snapshot.model_dump_json() + (await hall.topic()).model_dump_json()


async def test_a_topic_says_what_it_is_about_and_until_when(hall: Hall) -> None:
    topic = await hall.topic()
    assert (topic.item_id, topic.title, topic.introduction) == (
        hall.house.items[2],
        "Trees on Mill Lane",
        "Which trees should stay?",
    )
    assert topic.state == TopicState.OPEN
    assert datetime.fromtimestamp(topic.closes_ms / 1000, UTC) == datetime(2026, 11, 25, 17, tzinfo=UTC)


async def test_the_time_is_that_of_the_clocks_in_summer_too(house: House) -> None:
    house.clock.moment = datetime(2026, 6, 1, tzinfo=UTC)
    about: dict[str, Any] = {"item_id": house.items[2], "title": "Trees", "introduction": "Which?"}
    await house.do("discussion.open", closes="2026-07-01T17:00", **about)
    (topic,) = (await views.meeting_page(house.desk, house.ref)).topics
    assert datetime.fromtimestamp(topic.closes_ms / 1000, UTC) == datetime(2026, 7, 1, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"closes": "2026-11-20T17:00"}, "closes"),
        ({"closes": "2026-11-26T18:31"}, "closes"),
        ({"closes": "tomorrow"}, "closes"),
        ({"title": " "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"introduction": ""}, "introduction"),
        ({"item_id": "heading"}, "item_id"),
        ({"item_id": "private"}, "item_id"),
    ],
)
async def test_what_cannot_be_a_discussion_is_refused(
    house: House, wrong: dict[str, str], field: str
) -> None:
    house.clock.moment = START - timedelta(days=5)
    numbers = {"heading": house.items[1], "private": house.items[3]}
    good: dict[str, Any] = {
        "item_id": house.items[2],
        "title": "Trees",
        "introduction": "Which?",
        "closes": CLOSES,
    }
    asked = {name: numbers.get(value, value) for name, value in wrong.items()}
    with pytest.raises(Invalid) as refusal:
        await house.do("discussion.open", **(good | asked))
    assert refusal.value.field == field
    assert (await views.meeting_page(house.desk, house.ref)).topics == []


async def test_an_item_has_one_discussion(hall: Hall) -> None:
    with pytest.raises(Conflict):
        await open_hall(hall.house)


async def test_nobody_reads_a_post_before_its_address_is_confirmed_and_an_officer_has_approved_it(
    hall: Hall,
) -> None:
    post_id = await hall.write("SECRET-POST")
    assert (await hall.row(post_id)).state == "unconfirmed"
    with pytest.raises(IllegalTransition):
        await hall.house.do("post.approve", post_id=post_id)
    await hall.confirm(post_id)
    assert (await hall.row(post_id)).state == "pending"
    assert "SECRET-POST" not in await everything_public(hall)
    await hall.house.do("post.approve", post_id=post_id)
    (public,) = (await hall.topic()).posts
    assert (public.name, public.text) == ("Sam Lee", "SECRET-POST")
    assert "sam@example.org" not in await everything_public(hall)


async def test_confirming_is_done_once_however_often_it_is_pressed(hall: Hall) -> None:
    post_id = await hall.write()
    version = (await hall.house.meeting()).version
    first = await hall.confirm(post_id)
    assert (await hall.house.meeting()).version == version + 1
    assert await hall.confirm(post_id) == first
    assert (await hall.house.meeting()).version == version + 1


async def test_one_link_confirms_one_post(hall: Hall) -> None:
    """Whoever types a stranger's address has nothing from what the stranger confirms."""
    mine = await hall.write("Mine")
    await hall.write("In my name", device="somebody else's")
    await hall.confirm(mine)
    assert await hall.states() == {"Mine": "pending", "In my name": "unconfirmed"}


async def test_the_browser_that_confirmed_is_not_asked_again_and_no_other_is_spared(hall: Hall) -> None:
    proof = await hall.confirm(await hall.write("First"))
    await hall.write("Second", device="phone", proof=proof, email="")
    await hall.write("Third", device="phone", proof=proof, email="SAM@example.org")
    await hall.write("Another address", device="phone", proof=proof, email="kim@example.org")
    await hall.write("No proof", device="laptop")
    for forged in (proof[:-1] + "x", "token-1", f"{proof.split('.')[0]}.", "é" + proof):
        with pytest.raises(Invalid, match=r"Enter your e-mail address\."):
            await hall.write("Forged", device="third", proof=forged, email="")
    assert await hall.states() == {
        "First": "pending",
        "Second": "pending",
        "Third": "pending",
        "Another address": "unconfirmed",
        "No proof": "unconfirmed",
    }


async def test_a_proof_that_nobody_confirmed_is_none(hall: Hall) -> None:
    await hall.write()
    async with hall.house.desk.store.write() as session:
        address = await addresses.address_of(hall.house.desk, session, "sam@example.org", "en")
        assert (
            await addresses.proven(hall.house.desk, session, addresses.proof(hall.house.desk, address))
            is None
        )


async def test_it_closes_by_the_clock(hall: Hall) -> None:
    waiting = await hall.pending("In time")
    hall.house.clock.moment = datetime(2026, 11, 25, 16, 59, 59, tzinfo=UTC)
    await hall.write("At the last moment", device="phone")
    hall.house.clock.advance(seconds=1)
    with pytest.raises(Forbidden, match="closed"):
        await hall.write("Too late", device="third")
    assert (await hall.topic()).state == TopicState.CLOSED
    await hall.house.do("post.approve", post_id=waiting)
    assert [post.text for post in (await hall.topic()).posts] == ["In time"]


async def test_closing_early_reopening_and_summing_up(hall: Hall) -> None:
    do = hall.house.do
    which: dict[str, Any] = {"topic_id": hall.topic_id}
    with pytest.raises(IllegalTransition):
        await do("discussion.summarise", **which, text="Too early")
    await do("discussion.close", **which)
    with pytest.raises(Forbidden):
        await hall.write()
    with pytest.raises(IllegalTransition):
        await do("discussion.close", **which)
    await do("discussion.reopen", **which, closes="2026-11-24T12:00")
    await hall.write()
    hall.house.clock.moment = datetime(2026, 11, 24, 12, tzinfo=UTC)
    await do("discussion.summarise", **which, text="Most want the limes.")
    await do("discussion.summarise", **which, text="Most want the limes to stay.")
    topic = (await views.meeting_page(hall.house.desk, hall.house.ref)).topic_of(hall.house.items[2])
    assert topic is not None
    assert (topic.state, topic.summary) == ("summarised", "Most want the limes to stay.")
    with pytest.raises(IllegalTransition):
        await do("discussion.reopen", **which, closes=CLOSES)


async def test_its_author_always_sees_where_a_post_stands(hall: Hall) -> None:
    async def mine(device: str = "laptop", proof: str = "") -> list[tuple[str, str]]:
        own = await views.own_posts(hall.house.desk, device, proof)
        return [(one.state, one.rejected_for) for one in own]

    post_id = await hall.write()
    assert await mine() == [("unconfirmed", "")]
    proof = await hall.confirm(post_id)
    assert await mine() == [("pending", "")]
    await hall.house.do("post.reject", post_id=post_id, code="personal", reason="for the log")
    assert await mine() == [("rejected", "personal")]
    assert await mine("phone", proof) == [("rejected", "personal")], "by the address, on another device"
    assert await mine("phone") == []
    await hall.house.do("post.put_back", post_id=post_id)
    await hall.house.do("discussion.withdraw", hall.viewer("phone"), post_id=post_id, proof=proof)
    assert await mine() == [("withdrawn", "")]


async def test_nobody_takes_back_what_others_wrote(hall: Hall) -> None:
    post_id = await hall.write()
    with pytest.raises(NotFound):
        await hall.house.do("discussion.withdraw", hall.viewer("phone"), post_id=post_id)
    assert (await hall.row(post_id)).state == "unconfirmed"


async def test_two_posts_that_say_the_same_are_put_together(hall: Hall) -> None:
    public, double = await hall.pending("Keep them"), await hall.pending("Keep them all", "phone")
    with pytest.raises(IllegalTransition):
        await hall.house.do("post.merge", post_id=double, into_id=public)
    await hall.house.do("post.approve", post_id=public)
    await hall.house.do("post.merge", post_id=double, into_id=public)
    (own,) = await views.own_posts(hall.house.desk, "phone")
    assert own.into is not None
    assert (own.state, own.into.text) == ("merged", "Keep them")
    with pytest.raises(Invalid):
        await hall.house.do("post.merge", post_id=public, into_id=public)


async def test_the_word_list_marks_and_decides_nothing(hall: Hall) -> None:
    row = await hall.row(await hall.pending("You 1d10ts, write to me@example.org"))
    assert row.flags == ["e-mail address", "idiot*"]
    assert row.state == "pending"


async def test_the_slower_of_two_officers_is_told_who_was_quicker(hall: Hall) -> None:
    post_id = await hall.pending()
    seen = (await hall.row(post_id)).version
    await hall.house.do("post.look", hall.house.second_clerk, post_id=post_id)
    snapshot = await views.staff_snapshot(hall.house.desk, hall.house.ref)
    assert [(hand.post_id, hand.name) for hand in snapshot.post_hands] == [(post_id, "Bob Dene")]
    await hall.house.do("post.approve", hall.house.second_clerk, post_id=post_id, seen=seen)
    with pytest.raises(Conflict, match="Bob Dene"):
        await hall.house.do("post.reject", post_id=post_id, seen=seen)


async def test_there_is_a_limit_for_a_device_and_a_replay_spends_nothing(hall: Hall) -> None:
    sent = {"topic_id": hall.topic_id, "name": "Sam", "text": "Trees", "client_id": "same"}
    for _ in range(5):
        await hall.house.do("discussion.post", hall.viewer(), email="a@example.org", **sent)
    await hall.write("2", email="b@example.org")
    await hall.write("3", email="c@example.org")
    with pytest.raises(TooMany):
        await hall.write("4", email="d@example.org")
    hall.house.clock.advance(minutes=1)
    await hall.write("4", email="d@example.org")
    assert sorted(await hall.states()) == ["2", "3", "4", "Trees"]


async def test_a_strangers_mailbox_is_not_filled(hall: Hall) -> None:
    for number in range(addresses.CONFIRMATIONS_A_DAY):
        await hall.write(str(number), device=f"device-{number}")
    with pytest.raises(TooMany):
        await hall.write("One more", device="another")
    hall.house.clock.advance(days=1, seconds=1)
    await hall.write("One more", device="another")


async def test_an_item_that_is_made_private_takes_its_discussion_with_it(hall: Hall) -> None:
    await hall.house.do("post.approve", post_id=await hall.pending("SECRET-POST"))
    async with hall.house.desk.store.write() as session:
        (await session.get_one(AgendaItem, hall.house.items[2])).restricted = True
    page = await views.meeting_page(hall.house.desk, hall.house.ref)
    assert "SECRET-POST" not in page.model_dump_json()
    assert "Trees" not in page.model_dump_json()
    with pytest.raises(NotFound):
        await hall.topic()
    with pytest.raises(Forbidden):
        await hall.write()


async def test_the_record_has_all_of_it_and_no_address(hall: Hall) -> None:
    await hall.house.do("post.reject", post_id=await hall.pending("Rude"), code="abusive", reason="see above")
    record = await views.discussions_record(hall.house.desk, hall.house.ref)
    assert [(topic.title, topic.item) for topic in record.topics] == [("Trees on Mill Lane", "2. Mill Lane")]
    assert [(post.text, post.state, post.rejected_for) for post in record.posts] == [
        ("Rude", "rejected", "abusive")
    ]
    assert [(line.action, line.who) for line in record.log] == [
        ("discussion.open", "Ann Clark"),
        ("post.confirm", "viewer"),
        ("post.reject", "Ann Clark"),
    ]
    assert record.log[-1].reason == "abusive: see above"
    assert "sam@example.org" not in record.model_dump_json()


async def test_somebody_who_was_removed_from_the_meeting_writes_nothing_either(hall: Hall) -> None:
    question = await hall.house.ask("Why?", "laptop")
    await hall.house.do("person.remove", question_id=question, reason="Threats")
    with pytest.raises(Forbidden, match="Threats"):
        await hall.write()
