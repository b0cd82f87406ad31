"""E-mails to residents on a real mail server: what is told, what is tried again, and what is given up."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlmodel import col, select

from hub.adapters.smtp import MailServer, NoMailer, SmtpMailer
from hub.domain.models import Mail, MailKind, Registration
from hub.domain.people import Resident
from hub.domain.ports import MailDelayed
from hub.domain.rules import YORK, Consent, Mode, RuleSet, Wish, parse
from hub.domain.services import outbox
from hub.domain.services.delivery import MOST_IN_A_DAY
from hub.domain.services.lost_links import MOST_TIMES, send_lost_links
from hub.domain.services.registration import Registered, register, speaker_by_token, take_slot
from hub.domain.services.rules import set_rules
from hub.domain.states.mail import MailState
from hub.domain.views import staff_snapshot
from hub.post import PostRoom
from tests.hub.conftest import House
from tests.hub.fakes import START
from tests.support.mail import Mailbox, calendar_of, mail_server, text_of
from web.letters import LetterWriter

LINK = re.compile(r"https://meetings\.example\.org(?:/cy)?/speak/([\w-]+)")
WRITER = LetterWriter("Ouseby City Council", "meetings@ouseby.example", "https://meetings.example.org")


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    async with mail_server() as box:
        yield box


@pytest.fixture
def post(house: House, mailbox: Mailbox) -> PostRoom:
    house.desk.sends_mail = True
    mailer = SmtpMailer(MailServer("127.0.0.1", mailbox.port, "none"))
    return PostRoom(house.desk, mailer, WRITER.write)


class Hesitant:
    """A mail server that has the message and does not come to say so."""

    def __init__(self) -> None:
        self.has: list[EmailMessage] = []
        self.taken = asyncio.Event()

    async def send(self, message: EmailMessage) -> None:
        self.has.append(message)
        self.taken.set()
        await asyncio.Event().wait()


async def join(house: House, name: str = "Sam Lee", email: str = "sam@example.org") -> Registered:
    return await register(house.desk, house.ref, name=name, email=email, item_id=house.items[2])


async def mails(house: House) -> list[Mail]:
    async with house.desk.store.read() as session:
        return list((await session.exec(select(Mail).order_by(col(Mail.id)))).all())


async def test_registering_brings_the_link_and_the_meeting_for_the_calendar(
    house: House, mailbox: Mailbox, post: PostRoom
) -> None:
    registered = await join(house)
    await post.look()
    (message,) = mailbox.messages
    assert mailbox.recipients == [["sam@example.org"]]
    assert message["Subject"] == "We have your registration: Planning Committee A"
    assert message["From"] == "Ouseby City Council <meetings@ouseby.example>"
    words = text_of(message)
    assert LINK.findall(words) == [registered.token]
    assert "Item: 2. Mill Lane" in words
    assert "Thursday 26 November 2026, 6:30pm" in words
    event = calendar_of(message)
    assert "DTSTART:20261126T183000Z\r\n" in event
    assert f"URL:https://meetings.example.org/speak/{registered.token}\r\n" in event
    assert "STATUS:TENTATIVE" in event
    (mail,) = await mails(house)
    assert (mail.state, mail.kind, mail.done_at) == (MailState.SENT, MailKind.REGISTERED, START)
    assert await post.look() == 0, "and it is not sent again"


async def test_each_decision_is_told_and_the_link_stays_the_same(
    house: House, mailbox: Mailbox, post: PostRoom
) -> None:
    await set_rules(house.desk, "Planning Committee A", places(2), "tests")
    first, second, third = [await join(house, name, f"{name}@example.org") for name in ("a", "b", "c")]
    await house.do("speaker.confirm", registration_id=first.registration_id)
    await house.do("speaker.decline", registration_id=second.registration_id)
    await take_slot(house.desk, first.token, "phone")
    await house.do("speaker.withdraw", Resident(first.registration_id, house.meeting_id, "phone"))
    await post.look()
    told = [(one["To"].addresses[0].addr_spec, one["Subject"].split(":")[0]) for one in mailbox.messages]
    assert sorted(told) == [
        ("a@example.org", "You have given up your place"),
        ("b@example.org", "Your registration was not accepted"),
        ("c@example.org", "A place has come free for you"),
        ("c@example.org", "You are on the waiting list"),
    ], "what is not true any more is not sent"
    links = {link for one in mailbox.messages for link in LINK.findall(text_of(one))}
    assert links == {third.token}
    cancelled = next(one for one in mailbox.messages if "given up" in one["Subject"])
    assert "STATUS:CANCELLED" in calendar_of(cancelled)


async def test_a_letter_tells_its_language(house: House, mailbox: Mailbox, post: PostRoom) -> None:
    await register(house.desk, house.ref, name="Siân", email="sian@example.org", language="cy")
    await post.look()
    (message,) = mailbox.messages
    assert message["Content-Language"] == "cy"
    assert message["Subject"].startswith("Rydym wedi derbyn eich cofrestriad")
    assert "/cy/speak/" in text_of(message)
    assert "26 Tachwedd 2026, 18:30" in text_of(message)


async def test_a_statement_needs_no_device_and_no_calendar(
    house: House, mailbox: Mailbox, post: PostRoom
) -> None:
    wish = Wish(mode=Mode.REMOTE, consent=Consent.READ_OUT, text="The limes should stay.")
    await register(house.desk, house.ref, name="Sam", email="sam@example.org", wish=wish)
    await post.look()
    (message,) = mailbox.messages
    assert "camera" not in text_of(message)
    assert list(message.iter_attachments()) == []


async def test_nothing_is_lost_with_the_hub_and_a_letter_sent_twice_is_one_message(
    house: House, mailbox: Mailbox, post: PostRoom
) -> None:
    await join(house)
    hesitant = Hesitant()
    killed = asyncio.create_task(PostRoom(house.desk, hesitant, WRITER.write).look())
    async with asyncio.timeout(5):
        await hesitant.taken.wait()
    killed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await killed
    assert [mail.state for mail in await mails(house)] == [MailState.WAITING]
    await post.look()
    assert [one["Message-ID"] for one in mailbox.messages] == [hesitant.has[0]["Message-ID"]]


async def test_a_server_that_is_away_is_tried_again_ever_more_seldom(
    house: House, mailbox: Mailbox, post: PostRoom
) -> None:
    await join(house)
    mailbox.refuse_message = "451 Try later"
    waits = []
    for _ in range(4):
        assert await post.look() == 1
        (mail,) = await mails(house)
        assert "Try later" in mail.sentence
        waits.append((mail.next_at - house.clock.now()).total_seconds())
        assert await post.look() == 0, "not before its time"
        house.clock.moment = mail.next_at
    assert waits == [30, 60, 120, 240]
    mailbox.refuse_message = ""
    await post.look()
    assert len(mailbox.messages) == 1
    assert [(mail.state, mail.sentence) for mail in await mails(house)] == [(MailState.SENT, "")]


async def test_after_a_day_it_is_given_up_and_staff_read_why(
    house: House, mailbox: Mailbox, post: PostRoom
) -> None:
    await join(house)
    async with house.desk.store.write() as session:
        meeting = await session.get_one(type(await house.meeting()), house.meeting_id)
        meeting.starts_at = START + timedelta(days=9)
    mailbox.refuse_address = "450 Mailbox busy"
    house.clock.advance(hours=25)
    await post.look()
    (row,) = (await staff_snapshot(house.desk, house.ref)).speakers
    (seen,) = row.mails
    assert seen.state == "given_up"
    assert seen.sentence.startswith("It could not be sent for a day.")
    assert "Mailbox busy" in seen.sentence


async def test_an_address_that_does_not_exist_is_given_up_at_once_and_can_be_sent_again(
    house: House, mailbox: Mailbox, post: PostRoom
) -> None:
    registered = await join(house)
    mailbox.refuse_address = "550 No such user"
    await post.look()
    (mail,) = await mails(house)
    assert (mail.state, "No such user" in mail.sentence) == (MailState.GIVEN_UP, True)
    mailbox.refuse_address = ""
    await house.do("speaker.send_link", registration_id=registered.registration_id)
    await post.look()
    assert LINK.findall(text_of(mailbox.messages[0])) == [registered.token]


async def test_without_a_mail_server_nothing_waits_and_the_officer_has_the_link(house: House) -> None:
    registered = await join(house)
    await PostRoom(house.desk, NoMailer(), WRITER.write).look()
    (row,) = (await staff_snapshot(house.desk, house.ref)).speakers
    assert [(mail.state, "No mail server" in mail.sentence) for mail in row.mails] == [("given_up", True)]
    answer = await house.do("speaker.link", registration_id=registered.registration_id)
    assert answer["token"] == registered.token
    again = await house.do("speaker.link", registration_id=registered.registration_id, client_id="x")
    assert again["token"] == registered.token
    replay = await house.do("speaker.link", registration_id=registered.registration_id, client_id="x")
    assert replay["token"] is None, "a secret is in no receipt"


async def test_an_address_that_is_none_is_given_up_and_holds_nobody_up(
    house: House, mailbox: Mailbox, post: PostRoom
) -> None:
    await join(house, "Eve", "eve>,<mallory@example.org")
    await join(house, "Sam\r\nBcc: all@example.org", "sam@example.org")
    await post.look()
    assert mailbox.recipients == [["sam@example.org"]]
    assert mailbox.messages[0]["Bcc"] is None
    assert [mail.state for mail in await mails(house)] == [MailState.GIVEN_UP, MailState.SENT]


async def test_an_address_gets_no_more_than_so_many_a_day(
    house: House, mailbox: Mailbox, post: PostRoom
) -> None:
    for number in range(MOST_IN_A_DAY + 3):
        await join(house, f"Name {number}", "Victim@example.org" if number % 2 else "victim@example.org")
    while await post.look():
        pass
    assert len(mailbox.messages) == MOST_IN_A_DAY
    kept_back = [mail for mail in await mails(house) if mail.state is MailState.GIVEN_UP]
    assert len(kept_back) == 3
    assert all("within a day" in mail.sentence for mail in kept_back)


async def test_a_full_outbox_takes_no_more_and_says_so(
    house: House, post: PostRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "MOST_WAITING", 2)
    for number in range(3):
        await join(house, f"Name {number}", f"{number}@example.org")
    states = [mail.state for mail in await mails(house)]
    assert states == [MailState.WAITING, MailState.WAITING, MailState.GIVEN_UP]


async def test_a_lost_link_is_sent_again_and_not_for_ever(
    house: House, mailbox: Mailbox, post: PostRoom
) -> None:
    registered = await join(house)
    await post.look()
    for _ in range(MOST_TIMES + 3):
        await send_lost_links(house.desk, house.ref, " SAM@example.org ")
        await send_lost_links(house.desk, house.ref, "sam@example.org")
        await post.look()
        house.clock.advance(minutes=5)
    links = [LINK.findall(text_of(message)) for message in mailbox.messages]
    assert links == [[registered.token]] * (1 + MOST_TIMES)
    assert len({message["Message-ID"] for message in mailbox.messages}) == 1 + MOST_TIMES
    await send_lost_links(house.desk, house.ref, "nobody@example.org")
    assert await post.look() == 0


async def test_a_link_that_cannot_be_made_again_is_made_anew(
    house: House, mailbox: Mailbox, post: PostRoom
) -> None:
    """Of a registration from before links could be, or after the house's key was lost."""
    registered = await join(house)
    async with house.desk.store.write() as session:
        (await session.get_one(Registration, registered.registration_id)).link_nonce = ""
    assert (await speaker_by_token(house.desk, registered.token)).name == "Sam Lee", "it still works"
    await post.look()
    (fresh,) = LINK.findall(text_of(mailbox.messages[0]))
    assert fresh != registered.token
    assert (await speaker_by_token(house.desk, fresh)).name == "Sam Lee"


async def test_those_with_a_place_are_reminded_once_a_day_before(
    house: House, mailbox: Mailbox, post: PostRoom
) -> None:
    house.clock.moment = START - timedelta(days=5)
    confirmed = await join(house)
    await join(house, "Not confirmed", "other@example.org")
    await house.do("speaker.confirm", registration_id=confirmed.registration_id)
    await post.look()
    mailbox.messages.clear()
    assert await outbox.remind(house.desk) == 0, "five days before"
    house.clock.moment = START - timedelta(hours=20)
    assert await outbox.remind(house.desk) == 1
    assert await outbox.remind(house.desk) == 0
    await post.look()
    (message,) = mailbox.messages
    assert message["Subject"] == "Your meeting is soon: Planning Committee A"
    assert LINK.findall(text_of(message)) == [confirmed.token]


async def test_who_was_written_to_a_moment_ago_is_not_reminded(house: House, post: PostRoom) -> None:
    house.clock.moment = START - timedelta(hours=20)
    one = await join(house)
    await house.do("speaker.confirm", registration_id=one.registration_id)
    assert await outbox.remind(house.desk) == 0


async def test_a_letter_asked_for_again_while_it_is_sent_still_waits(house: House, mailbox: Mailbox) -> None:
    registered = await join(house)
    house.desk.sends_mail = True
    await house.do("speaker.send_link", registration_id=registered.registration_id)

    class AskedAgain:
        async def send(self, message: EmailMessage) -> None:
            if "registration" not in message["Subject"]:
                await house.do("speaker.send_link", registration_id=registered.registration_id)

    await PostRoom(house.desk, AskedAgain(), WRITER.write).look()
    assert [mail.state for mail in await mails(house)] == [MailState.SENT, MailState.WAITING]


async def test_no_server_at_all_is_a_delay() -> None:
    mailer = SmtpMailer(MailServer("127.0.0.1", 9, "none"))
    message = EmailMessage()
    message["From"], message["To"] = "a@example.org", "b@example.org"
    with pytest.raises(MailDelayed, match="does not answer"):
        await mailer.send(message)


async def test_a_server_without_encryption_gets_nothing_when_it_was_asked_for(mailbox: Mailbox) -> None:
    mailer = SmtpMailer(MailServer("127.0.0.1", mailbox.port, "starttls"))
    message = EmailMessage()
    message["From"], message["To"] = "a@example.org", "b@example.org"
    with pytest.raises(MailDelayed):
        await mailer.send(message)
    assert mailbox.messages == []


def places(meeting: int) -> RuleSet:
    return parse(YORK.model_dump(mode="json") | {"places": {"meeting": meeting}})
