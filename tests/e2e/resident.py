"""Somebody who speaks from home: the form, the personal link, the waiting room, the air."""

import re
from collections.abc import Callable

from playwright.async_api import expect

from tests.support.browser import Visitor


class Resident:
    """The registration form and the speaker's page in a browser."""

    RETURN = "#speaker-app audio"
    """Where the mix-minus return is played."""
    PROGRAMME = ".mh-watching .mh-stream video"
    """Where the programme is shown, as the public have it."""

    def __init__(self, visitor: Visitor, say: Callable[[str], str] = str) -> None:
        """``say`` gives an English text of the pages in the language of this resident."""
        self.visitor = visitor
        self.say = say
        self.page = visitor.page
        self.words = self.page.locator("#speaker-app")

    async def register(self, address: str, name: str, email: str, item: str) -> str:
        """Fill in the form; the personal link."""
        page = self.page
        await page.goto(address)
        await page.get_by_label(self.say("By video link")).check()
        speak = page.get_by_label(self.say("Speak at the meeting"))
        if await speak.count():
            # Asked only while something else can be sent as well.
            await speak.check()
        await page.get_by_label(self.say("With picture and sound")).check()
        await page.get_by_label(self.say("Your name")).fill(name)
        await page.get_by_label(self.say("Email address")).fill(email)
        await page.get_by_label(re.compile(re.escape(item))).check()
        await page.get_by_role("button", name=self.say("Register")).click()
        link = await page.locator("#personal-link").get_attribute("href")
        assert link is not None
        return link

    async def arrive(self, link: str) -> None:
        """Open the personal link, agree, check camera and microphone, and say so."""
        page = self.page
        await page.goto(link)
        await page.get_by_role("button", name=self.say("Continue on this device")).click()
        await page.get_by_label(self.say("I agree to be broadcast")).check()
        await page.get_by_role("button", name=self.say("Continue")).click()
        await page.get_by_role("button", name=self.say("Turn on camera and microphone")).click()
        await expect(self.words).to_contain_text(self.say("We can hear you."))
        await page.get_by_role("button", name=self.say("I am ready")).click()

    async def waits(self, position: int, now: str) -> None:
        """Wait until the page tells the place in the queue and the item that is being dealt with."""
        await expect(self.words).to_contain_text(self.say(f"You are number {position}."))
        await expect(self.words).to_contain_text(f"{self.say('Item')} {now.rstrip('.')}")

    async def is_called(self) -> None:
        """Wait until the page says so, and has connected camera and microphone by itself."""
        await expect(self.words).to_contain_text(self.say("You are next"))
        await expect(self.words).to_contain_text(self.say("Your camera and microphone are connected"))

    async def does_without_the_picture(self) -> None:
        """Leave the meeting's picture out, and hear it all the same."""
        await self.page.get_by_role("button", name=self.say("Do without the picture")).click()
        await expect(self.words).to_contain_text(self.say("Its picture is off"))

    async def wants_the_picture(self) -> None:
        """Have it back."""
        await self.page.get_by_role("button", name=self.say("Show the picture")).click()

    async def is_on_air(self) -> None:
        """Wait until the page says so."""
        await expect(self.words).to_contain_text(self.say("You are on air"))

    async def is_off_air(self) -> None:
        """Wait until the page says so; the camera's light is out then."""
        await expect(self.words).to_contain_text(self.say("You are off air"))
        await expect(self.page.get_by_text(self.say("I do not want to speak any more"))).to_be_hidden()

    async def time_left(self) -> int:
        """Seconds on the large timer."""
        minutes, seconds = (await self.page.locator(".mh-timer__time").inner_text()).split(":")
        return int(minutes) * 60 + int(seconds)
