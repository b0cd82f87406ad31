"""Residents whom something fails: the link by e-mail, an officer who helps, the relay, the telephone.

With a real mail server, Debian's coturn, and networks that let no direct path through.
"""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e.clerk import Clerk
from tests.e2e.resident import Resident
from tests.e2e.viewer import Viewer
from tests.support.browser import CHROMIUM, Visitor, chromium, visitor
from tests.support.demo import demo
from tests.support.judge import Signature
from tests.support.mail import Mailbox, mail_server, text_of
from tests.support.turn import SECRET, turn_server
from tests.support.waiting import until, until_async

TOM = Signature("Tom", (40, 160, 200), 880)
NO_DIRECT_PATH = (Path(__file__).parent / "no_direct_path.js").read_text()

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
]


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    async with mail_server() as box:
        yield box


def post(mailbox: Mailbox) -> dict[str, str]:
    return {
        "MOOTHALL_SMTP_HOST": "127.0.0.1",
        "MOOTHALL_SMTP_PORT": str(mailbox.port),
        "MOOTHALL_SMTP_SECURITY": "none",
        "MOOTHALL_SMTP_FROM": "meetings@ouseby.example",
    }


def relay(url: str) -> dict[str, str]:
    return {"MOOTHALL_TURN_URLS": json.dumps([url]), "MOOTHALL_TURN_SECRET": SECRET}


async def letter(mailbox: Mailbox, to: str, subject: str) -> str:
    """The words of the e-mail, once it is there."""

    def found() -> str:
        for message in mailbox.messages:
            if str(message["Subject"]).startswith(subject) and to in str(message["To"]):
                return text_of(message)
        return ""

    return await until(found, f"“{subject}” to {to}")


async def arrive_by_e_mail(resident: Visitor, mailbox: Mailbox, meeting: str, clerk: Clerk, name: str) -> str:
    """Register, be confirmed, and come by the link in the e-mail. The address."""
    email = f"{name.split()[0].lower()}@example.org"
    shown = await Resident(resident).register(f"{meeting}/register", name, email, "Mill Lane")
    await letter(mailbox, email, "We have your registration")
    await clerk.confirm(name)
    words = await letter(mailbox, email, "Your place is confirmed")
    (link,) = re.findall(r"http://\S+/speak/\S+", words)
    assert link == shown, "it is the same link in all of them"
    await Resident(resident).arrive(link)
    return email


async def _differs(read: Callable[[], Awaitable[str]], before: str) -> bool:
    return await read() != before


async def path_taken(page: Page) -> str:
    """The type of the local candidate over which the page is connected (W3C webrtc-stats)."""
    kind: str = await page.evaluate("window.pathTaken()")
    return kind


async def test_from_the_e_mail_over_the_relay_onto_the_air(tmp_path: Path, mailbox: Mailbox) -> None:
    async with (
        turn_server(tmp_path) as turn,
        demo(tmp_path / "hall", environment=post(mailbox) | relay(turn.url("udp"))) as hall,
        chromium(tmp_path, TOM) as browser,
        visitor(browser, "clerk", width=1366, height=768) as at_console,
        visitor(browser, "tom") as tom,
        visitor(browser, "viewer") as watching,
    ):
        clerk, console = Clerk(at_console), at_console.page
        await clerk.sign_in(hall.links.console)
        await clerk.open(hall.links.meeting.replace("/meetings/", "/console/meetings/"))
        await tom.page.add_init_script(NO_DIRECT_PATH)
        await arrive_by_e_mail(tom, mailbox, hall.links.meeting, clerk, "Tom Ash")

        page = tom.page.locator("#speaker-app")
        await tom.page.get_by_text("Write to the officer").click()
        await tom.page.get_by_label("Your message").fill("I see no picture here.")
        await tom.page.keyboard.press("Enter")
        await expect(console.locator(".mc-alarms")).to_contain_text("Tom Ash writes: I see no picture here.")
        await console.get_by_role("button", name="Answer").click()
        await console.get_by_label("Write to Tom Ash").fill("You will be on air all the same.")
        await console.keyboard.press("Enter")
        await expect(page).to_contain_text("You will be on air all the same.")
        await console.get_by_role("dialog").get_by_role("button", name="Close").click()
        await expect(console.locator(".mc-alarms")).not_to_contain_text("writes")

        await tom.page.get_by_label("Telephone number on which").fill("01632 960 003")
        await tom.page.get_by_role("button", name="I need help, call me").click()
        await expect(console.locator(".mc-alarms")).to_contain_text("Call 01632 960 003.")
        await console.get_by_role("button", name="Seen to").click()
        await expect(tom.page.get_by_role("button", name="I need help, call me")).to_be_visible()

        await clerk.call("Tom Ash")
        await expect(page).to_contain_text("Your camera and microphone are connected", timeout=40_000)
        assert await path_taken(tom.page) == "relay"
        await clerk.admit("Tom Ash")
        viewer = Viewer(watching)
        await viewer.open(hall.links.meeting)
        await viewer.play()
        await watching.hears(TOM.hz)
        await clerk.finish("Tom Ash")
        await expect(page).to_contain_text("You are off air")
        await expect(tom.page.get_by_role("link", name="Watch the moment when you spoke")).to_be_visible()
        for person in (at_console, watching):
            assert not person.faults


async def test_when_nothing_gets_through_there_is_the_telephone(tmp_path: Path, mailbox: Mailbox) -> None:
    async with (
        demo(tmp_path / "hall", environment=post(mailbox)) as hall,
        chromium(tmp_path, TOM) as browser,
        visitor(browser, "clerk", width=1366, height=768) as at_console,
        visitor(browser, "tom", width=320, height=640) as tom,
    ):
        clerk, console = Clerk(at_console), at_console.page
        await clerk.sign_in(hall.links.console)
        await clerk.open(hall.links.meeting.replace("/meetings/", "/console/meetings/"))
        await tom.page.add_init_script(NO_DIRECT_PATH)
        await arrive_by_e_mail(tom, mailbox, hall.links.meeting, clerk, "Tom Ash")
        page = tom.page.locator("#speaker-app")
        await clerk.call("Tom Ash")
        await expect(page).to_contain_text("Use the telephone instead", timeout=40_000)
        alarms = console.locator(".mc-alarms")
        await expect(alarms).to_contain_text("Tom Ash cannot be connected by video link")
        await tom.page.get_by_label("Telephone number on which").fill("01632 960 003")
        await tom.page.get_by_role("button", name="Send the number").click()
        await expect(alarms).to_contain_text("Call 01632 960 003")
        await console.get_by_role("button", name="On the telephone").first.click()
        await expect(page).to_contain_text("You take part by telephone")
        await expect(alarms).not_to_contain_text("Tom Ash")
        await clerk.admit("Tom Ash")
        await expect(page).to_contain_text("You are on air, by telephone")
        left = tom.page.locator(".mh-timer__time")
        before = await left.inner_text()
        await until_async(lambda: _differs(left.inner_text, before), "the time to run")
        await clerk.finish("Tom Ash")
        await expect(page).to_contain_text("You are off air")
        await expect(console.locator(".mc-row").filter(has_text="Tom Ash")).to_contain_text("Done")
