"""Imports over real HTTP on loopback, into a real database."""

from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from hub.adapters.modgov import ImportReport, ModGovError, import_modgov
from hub.domain.errors import Conflict
from hub.domain.models import AgendaItem, Attendee, Document, Meeting, StreamKey, key
from hub.domain.services.registration import register
from hub.domain.views import chapters, meeting_page
from tests.hub.conftest import House
from tests.support.modgov_server import CANCELLED, COMMITTEE, MEETING, VARIANTS, ModGovServer, Trouble

AUDIT = "2026-02-10-audit-committee"


async def no_pause(_: float) -> None:
    """Loopback needs no politeness."""


async def run(house: House, base_url: str, day: date = date(2026, 2, 10)) -> ImportReport:
    def quiet(_: str) -> None:
        """Progress is for people."""

    return await import_modgov(
        house.desk.store,
        house.clock,
        base_url,
        COMMITTEE,
        day,
        day,
        quiet,
        tokens=house.desk.tokens,
        pause=no_pause,
    )


async def test_import_and_import_again_with_minutes(house: House) -> None:
    async with ModGovServer() as server:
        report = await run(house, server.base_url)
        assert [(meeting.ref, meeting.added) for meeting in report.meetings] == [(AUDIT, True)]
        page = await meeting_page(house.desk, AUDIT)
        assert [item.item.number for item in page.items] == ["1.", "9."]
        assert not page.minutes_published
        assert page.items[0].documents[0].title == "6 - CHAIR APPROVED Minutes Audit Committee 25 Nov 2025"
        assert page.attendees[0].ward == "Charlestown"
        assert page.card.registration_closes_at is not None
        assert page.items[0].item.url == (
            f"{server.base_url}/ieListDocuments.aspx?CId={COMMITTEE}&MId={MEETING}#AI18831"
        )
        server.minutes_published = True
        again = await run(house, server.base_url)
        assert [(meeting.ref, meeting.added) for meeting in again.meetings] == [(AUDIT, False)]
        after = await meeting_page(house.desk, AUDIT)
    assert after.minutes_published
    assert "as a correct record" in after.items[0].minutes_html
    assert "class=" not in after.items[0].minutes_html
    assert [item.item.id for item in after.items] == [item.item.id for item in page.items]
    async with house.desk.store.read() as session:
        assert len((await session.exec(select(Attendee))).all()) == 1
        assert len((await session.exec(select(Document).where(Document.modgov_id == 60860))).all()) == 1
        assert len((await session.exec(select(StreamKey))).all()) == 2


async def test_dates_go_out_as_modgov_wants_them_and_we_say_who_we_are(house: House) -> None:
    async with ModGovServer() as server:
        await run(house, server.base_url)
        assert server.asked[0] == (
            "getmeetings",
            {"lCommitteeId": "144", "sFromDate": "10/02/2026", "sToDate": "10/02/2026"},
        )
        assert all("MootHall/" in agent for agent in server.agents)


async def test_dump_of_everything_is_filtered_here(house: House) -> None:
    async with ModGovServer() as server:
        server.dump_always = True
        report = await run(house, server.base_url)
        assert len(report.meetings) == 1
        assert len(server.asked) == 2


async def test_requests_are_a_pause_apart(house: House) -> None:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    async with ModGovServer() as server:
        await import_modgov(
            house.desk.store,
            house.clock,
            server.base_url,
            COMMITTEE,
            date(2026, 1, 1),
            date(2026, 12, 31),
            lambda _: None,
            pause=pause,
        )
    assert pauses == [0.5, 0.5]


async def test_cancelled_meeting_says_so(house: House) -> None:
    async with ModGovServer() as server:
        report = await run(house, server.base_url, date(2026, 1, 13))
    page = await meeting_page(house.desk, report.meetings[0].ref)
    assert (page.card.agenda_status, page.card.registration_open, page.items) == ("Cancelled", False, [])
    assert page.agenda_url.endswith(f"MId={CANCELLED}")


async def test_removed_item_keeps_what_hangs_on_it(house: House) -> None:
    async with ModGovServer() as server:
        house.ref = (await run(house, server.base_url)).meetings[0].ref
        async with house.desk.store.read() as session:
            house.meeting_id = key((await session.exec(select(Meeting).where(Meeting.ref == AUDIT))).one())
        async with house.desk.store.write() as session:
            meeting = await session.get_one(Meeting, house.meeting_id)
            meeting.registration_closes_at = house.clock.now() + timedelta(days=1)
        page = await meeting_page(house.desk, AUDIT)
        registered = await register(
            house.desk, AUDIT, name="Sam", email="sam@example.org", item_id=page.items[1].item.id
        )
        await house.live()
        await house.do(
            "item.go", item_id=page.items[1].item.id, expected_version=(await house.meeting()).version
        )
        server.without_item = 18833
        await run(house, server.base_url)
        assert [item.item.number for item in (await meeting_page(house.desk, AUDIT)).items] == ["1."]
        assert any(point.item_id == page.items[1].item.id for point in await chapters(house.desk, AUDIT))
        assert (await house.speaker(registered.registration_id)).item_id == page.items[1].item.id
        with pytest.raises(Conflict, match="last item"):
            await house.next()
        server.without_item = 0
        await run(house, server.base_url)
    assert [item.item.id for item in (await meeting_page(house.desk, AUDIT)).items] == [
        item.item.id for item in page.items
    ]


async def test_ref_is_stable_and_a_clash_gets_a_number(house: House) -> None:
    async with house.desk.store.write() as session:
        committee = (await session.get_one(Meeting, house.meeting_id)).committee_id
        session.add(
            Meeting(
                ref=AUDIT, committee_id=committee, title="Taken", starts_at=house.clock.now(), modgov_id=1
            )
        )
    async with ModGovServer() as server:
        assert (await run(house, server.base_url)).meetings[0].ref == f"{AUDIT}-2"
        server.meeting_date = "11/02/2026"
        moved = await run(house, server.base_url, date(2026, 2, 11))
        assert (moved.meetings[0].ref, moved.meetings[0].added) == (f"{AUDIT}-2", False)


async def test_variants_reach_the_page_safely(house: House) -> None:
    async with ModGovServer() as server:
        server.listed = VARIANTS
        report = await run(house, server.base_url)
        page = await meeting_page(house.desk, report.meetings[0].ref)
    text = page.model_dump_json()
    assert "SECRET" not in text
    assert "evil" not in text
    assert [item.item.number for item in page.items] == ["", "1.", "83a.", "84.", "85.", "86.", "87."]
    assert page.items[1].text_html == (
        "<p>Raw\u00a0markup, <b>not escaped</b><br></p>"
        f'<a href="{server.base_url}/mgAi.aspx?ID=102" rel="noopener noreferrer">more</a>'
    ).replace("\u00a0", "&nbsp;")
    async with house.desk.store.read() as session:
        items = (await session.exec(select(AgendaItem).where(col(AgendaItem.modgov_id) > 100))).all()
        documents = (await session.exec(select(Document).where(col(Document.modgov_id) > 100))).all()
    stored = [row.model_dump_json() for row in [*items, *documents]]
    assert stored
    assert not any("SECRET" in row for row in stored)


@pytest.mark.parametrize("operation", ["getmeetings", "getmeeting"])
@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (Trouble.PAGE, "web page"),
        (Trouble.TRUNCATED, "not complete XML"),
        (Trouble.REFUSED, "it answered 403 Forbidden"),
        (Trouble.CUT_OFF, "cannot be reached"),
        (Trouble.BINARY, "not UTF-8"),
    ],
)
async def test_trouble_is_said_and_nothing_changed(
    house: House, operation: str, trouble: Trouble, words: str
) -> None:
    async with ModGovServer() as server:
        server.trouble, server.troubled_operation = trouble, operation
        with pytest.raises(ModGovError, match=words) as caught:
            await run(house, server.base_url)
        assert server.base_url in str(caught.value)
    async with house.desk.store.read() as session:
        assert len((await session.exec(select(Meeting))).all()) == 1


async def test_only_a_count_is_no_meeting(house: House) -> None:
    async with ModGovServer() as server:
        server.trouble, server.troubled_operation = Trouble.ONLY_COUNT, "getmeetings"
        assert (await run(house, server.base_url)).meetings == ()


async def test_unreachable_and_nonsense_addresses(house: House) -> None:
    async with ModGovServer() as server:
        gone = server.base_url
    with pytest.raises(ModGovError, match="cannot be reached"):
        await run(house, gone)
    with pytest.raises(ModGovError, match="not a web address"):
        await run(house, "democracy.example.org")


async def test_second_bad_meeting_takes_back_the_first(house: House) -> None:
    """All or nothing: the first meeting was read well, the second was not."""
    async with ModGovServer() as server:
        server.trouble, server.troubled_operation, server.troubled_meeting = (
            Trouble.TRUNCATED,
            "getmeeting",
            MEETING,
        )
        with pytest.raises(ModGovError):
            await import_modgov(
                house.desk.store,
                house.clock,
                server.base_url,
                COMMITTEE,
                date(2026, 1, 1),
                date(2026, 12, 31),
                lambda _: None,
                pause=no_pause,
            )
    async with house.desk.store.read() as session:
        assert len((await session.exec(select(Meeting))).all()) == 1
