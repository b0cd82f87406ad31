"""E-mails to addresses on a real mail server: what is asked, once, and what is given up."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlmodel import select

from hub import post as room
from hub.adapters.smtp import MailServer, NoMailer, SmtpMailer
from hub.domain.errors import IllegalTransition, Invalid
from hub.domain.models import Address, AddressMail
from hub.domain.services.addresses import UNCONFIRMED_KEPT
from hub.domain.services.following import follow_meetings, stop, stop_key
from hub.domain.states.mail import MailState
from hub.post import PostRoom
from tests.hub.conftest import House
from tests.hub.discussions import LINK, Hall, open_hall
from tests.hub.followers import Followers
from tests.support.mail import Mailbox, mail_server, text_of
from web.letters import LetterWriter

WRITER = LetterWriter("Ouseby City Council", "meetings@ouseby.example", "https://meetings.example.org")


@pytest.fixture
async def hall(house: House) -> Hall:
    return await open_hall(house)


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    async with mail_server() as box:
        yield box


@pytest.fixture
def post(hall: Hall, mailbox: Mailbox) -> PostRoom:
    hall.house.desk.sends_mail = True
    mailer = SmtpMailer(MailServer("127.0.0.1", mailbox.port, "none"))
    return PostRoom(hall.house.desk, mailer, WRITER.write)


async def mails(hall: Hall) -> list[AddressMail]:
    async with hall.house.desk.store.read() as session:
        return list((await session.exec(select(AddressMail))).all())


async def test_the_link_comes_by_e_mail_once_and_confirms(
    hall: Hall, mailbox: Mailbox, post: PostRoom
) -> None:
    post_id = await hall.write()
    await post.look()
    (message,) = mailbox.messages
    assert mailbox.recipients == [["sam@example.org"]]
    assert message["Subject"] == "Confirm your e-mail address: Trees on Mill Lane"
    assert message["Auto-Submitted"] == "auto-generated"
    (link,) = LINK.findall(text_of(message))
    assert link == await hall.token(post_id)
    assert await post.look() == 0, "and it is not sent again"
    assert (await hall.row(post_id)).mail == "sent"


async def test_what_strangers_typed_is_not_sent_to_anybody(
    hall: Hall, mailbox: Mailbox, post: PostRoom
) -> None:
    """Else the form would send anybody's words to any address, in the council's name."""
    await hall.write("BUY-THIS at https://evil.example", name="CLICK-HERE")
    await post.look()
    (message,) = mailbox.messages
    assert "BUY-THIS" not in message.as_string()
    assert "CLICK-HERE" not in message.as_string()


async def test_a_letter_is_in_the_language_of_the_form(hall: Hall, mailbox: Mailbox, post: PostRoom) -> None:
    await hall.write(language="en", device="other")
    await post.look()
    mailbox.messages.clear()
    await hall.write(language="cy")
    await post.look()
    (message,) = mailbox.messages
    assert message["Content-Language"] == "cy"
    assert "/cy/address/" in text_of(message)
    assert "25 Tachwedd" not in text_of(message)
    assert "26 Tachwedd 2026, 18:30" in text_of(message)


async def test_a_letter_that_is_needless_by_then_is_not_sent(
    hall: Hall, mailbox: Mailbox, post: PostRoom
) -> None:
    await hall.pending("Confirmed with a link that an officer gave")
    withdrawn = await hall.write("Taken back")
    await hall.house.do("discussion.withdraw", hall.viewer(), post_id=withdrawn)
    await post.look()
    assert mailbox.messages == []
    assert {mail.state for mail in await mails(hall)} == {MailState.GIVEN_UP}


async def test_a_server_that_is_away_is_tried_again(hall: Hall, mailbox: Mailbox, post: PostRoom) -> None:
    post_id = await hall.write()
    mailbox.refuse_message = "451 Try later"
    await post.look()
    row = await hall.row(post_id)
    assert row.mail == "waiting"
    assert "Try later" in row.mail_sentence
    assert await post.look() == 0, "not before its time"
    mailbox.refuse_message = ""
    hall.house.clock.advance(seconds=30)
    await post.look()
    assert (await hall.row(post_id)).mail == "sent"
    assert len(mailbox.messages) == 1


async def test_a_hub_that_is_killed_while_it_sends_sends_the_same_message_again(
    hall: Hall, mailbox: Mailbox, post: PostRoom
) -> None:
    await hall.write()
    taken, has = asyncio.Event(), []

    class Hesitant:
        async def send(self, message: EmailMessage) -> None:
            has.append(message)
            taken.set()
            await asyncio.Event().wait()

    killed = asyncio.create_task(PostRoom(hall.house.desk, Hesitant(), WRITER.write).look())
    async with asyncio.timeout(5):
        await taken.wait()
    killed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await killed
    await post.look()
    assert [one["Message-ID"] for one in mailbox.messages] == [has[0]["Message-ID"]]


async def test_an_address_that_is_forgotten_while_its_letter_is_sent(hall: Hall, mailbox: Mailbox) -> None:
    await hall.write()

    class Slow:
        async def send(self, message: EmailMessage) -> None:
            hall.house.clock.advance(seconds=UNCONFIRMED_KEPT.total_seconds())
            await PostRoom(hall.house.desk, NoMailer(), WRITER.write).look()

    await PostRoom(hall.house.desk, Slow(), WRITER.write).look()
    assert await mails(hall) == []


async def test_without_a_mail_server_the_officer_copies_the_link(hall: Hall) -> None:
    post_id = await hall.write()
    await PostRoom(hall.house.desk, NoMailer(), WRITER.write).look()
    row = await hall.row(post_id)
    assert (row.mail, row.email) == ("given_up", "sam@example.org")
    assert "Copy the link" in row.mail_sentence
    answer = await hall.house.do("post.link", post_id=post_id, client_id="x")
    assert answer["token"] == await hall.token(post_id)
    replay = await hall.house.do("post.link", post_id=post_id, client_id="x")
    assert replay["token"] is None, "a secret is in no receipt"
    with pytest.raises(Invalid, match="No mail server"):
        await hall.house.do("post.send_link", post_id=post_id)
    await hall.confirm(post_id)
    with pytest.raises(IllegalTransition):
        await hall.house.do("post.link", post_id=post_id)


async def test_an_officer_sends_the_same_link_again(hall: Hall, mailbox: Mailbox, post: PostRoom) -> None:
    post_id = await hall.write()
    await post.look()
    await hall.house.do("post.send_link", post_id=post_id)
    await post.look()
    first, second = mailbox.messages
    assert LINK.findall(text_of(first)) == LINK.findall(text_of(second))
    assert first["Message-ID"] != second["Message-ID"]


async def stopped(hall: Hall) -> str:
    async with hall.house.desk.store.read() as session:
        return stop_key(hall.house.desk, (await session.exec(select(Address))).one())


async def test_who_follows_gets_one_letter_each_with_a_link_to_stop(
    hall: Hall, mailbox: Mailbox, post: PostRoom
) -> None:
    people = Followers(hall.house)
    await people.follow(items=[hall.house.items[2]])
    await hall.house.live()
    await hall.house.next()
    for _ in range(3):
        await post.look()
    started, next_up = mailbox.messages
    assert started["Subject"] == "It has started: Planning Committee A"
    assert next_up["Subject"] == "Next: item 2. Mill Lane"
    link = f"https://meetings.example.org/stop/{await stopped(hall)}"
    for message in (started, next_up):
        assert link in text_of(message)
        assert message["List-Unsubscribe"].strip() == f"<{link}>"
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "https://meetings.example.org/meetings/2026-11-26-planning-committee-a" in text_of(message)


async def test_the_letter_that_asks_has_nothing_that_was_typed_and_no_link_to_stop(
    hall: Hall, mailbox: Mailbox, post: PostRoom
) -> None:
    people = Followers(hall.house)
    await follow_meetings(hall.house.desk, people.person(), committee_id=None, topic="BUY-THIS")
    await post.look()
    (message,) = mailbox.messages
    assert "BUY-THIS" not in message.as_string()
    assert message["List-Unsubscribe"] is None
    assert LINK.findall(text_of(message)) == [await people.newest_token()]


async def test_late_news_is_no_news(hall: Hall, mailbox: Mailbox, post: PostRoom) -> None:
    people = Followers(hall.house)
    await people.follow(items=[hall.house.items[0]])
    await hall.house.live()
    mailbox.refuse_message = "451 Try later"
    await post.look()
    await hall.house.next()
    await hall.house.next()
    mailbox.refuse_message = ""
    hall.house.clock.advance(minutes=1)
    await post.look()
    assert [one["Subject"] for one in mailbox.messages] == ["It has started: Planning Committee A"]


async def test_the_digest_of_a_day(
    hall: Hall, mailbox: Mailbox, post: PostRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "REMIND_EVERY", 0.0)
    people = Followers(hall.house)
    await people.subscribe()
    await people.plan("new", title="Executive", location="West Offices", agenda_status="Provisional")
    hall.house.clock.advance(days=1)
    for _ in range(3):
        await post.look()
    (message,) = mailbox.messages
    assert message["Subject"] == "New and changed council meetings"
    words = text_of(message).replace("\r\n", "\n")
    assert "New: Executive\nThursday 24 December 2026, 6:30pm\nWest Offices\nProvisional\n" in words
    assert "https://meetings.example.org/meetings/new" in words
    hall.house.clock.advance(days=1)
    await post.look()
    assert len(mailbox.messages) == 1, "nothing is new"


async def test_who_stopped_gets_no_letter_that_waits(hall: Hall, mailbox: Mailbox, post: PostRoom) -> None:
    people = Followers(hall.house)
    await people.follow()
    await hall.house.live()
    mailbox.refuse_message = "451 Try later"
    await post.look()
    await stop(hall.house.desk, await stopped(hall))
    mailbox.refuse_message = ""
    hall.house.clock.advance(minutes=1)
    await post.look()
    assert mailbox.messages == []


async def test_what_is_past_its_time_is_deleted_by_the_post_room(
    hall: Hall, mailbox: Mailbox, post: PostRoom
) -> None:
    kept = UNCONFIRMED_KEPT, hall.house.desk.kept_after_meeting
    assert kept == (timedelta(days=2), timedelta(days=90)), "as letters and pages say"
    await hall.write()
    hall.house.clock.advance(days=2)
    await post.look()
    assert await hall.addresses() == []
    assert mailbox.messages == []
