"""A discussion before the meeting of the tests' house, and residents who write in it."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from hub.domain.models import Address, Confirmation, Post
from hub.domain.people import Viewer
from hub.domain.services.confirming import confirm
from hub.domain.snapshots import StaffPost, StaffTopic, TopicView
from hub.domain.states.post import PostState
from hub.domain.views import discussion, staff_snapshot
from tests.hub.conftest import House
from tests.hub.fakes import START

OPENED = START - timedelta(days=5)
CLOSES = "2026-11-25T17:00"
LINK = re.compile(r"https://meetings\.example\.org(?:/cy)?/address/([\w-]+)")


@dataclass
class Hall:
    """The house with an open discussion of Mill Lane, five days before the meeting."""

    house: House
    topic_id: int

    async def write(self, text: str = "Keep the limes.", device: str = "laptop", **more: Any) -> int:
        """Send a post as Sam; the number of it."""
        sent = {"topic_id": self.topic_id, "name": "Sam Lee", "email": "sam@example.org", "text": text} | more
        answer = await self.house.do("discussion.post", self.house.viewer(device), **sent)
        return int(answer["post_id"])

    async def token(self, post_id: int) -> str:
        """Of the link to confirm a post with, as the letter has it."""
        async with self.house.desk.store.read() as session:
            post = await session.get_one(Post, post_id)
            asked = await session.get_one(Confirmation, post.confirmation_id)
            return self.house.desk.links.of(asked) or ""

    async def confirm(self, post_id: int) -> str:
        """Press the link; the proof that the browser gets."""
        return (await confirm(self.house.desk, await self.token(post_id))).proof

    async def pending(self, text: str = "Keep the limes.", device: str = "laptop") -> int:
        """A post that officers have to read."""
        post_id = await self.write(text, device)
        await self.confirm(post_id)
        return post_id

    async def topic(self) -> TopicView:
        """As everybody sees it."""
        return await discussion(self.house.desk, self.house.ref, self.topic_id)

    async def console(self) -> StaffTopic:
        """As officers see it."""
        return (await staff_snapshot(self.house.desk, self.house.ref)).discussions[0]

    async def row(self, post_id: int) -> StaffPost:
        """A post as officers see it."""
        return next(post for post in (await self.console()).posts if post.id == post_id)

    async def states(self) -> dict[str, PostState]:
        """Text → state, of all that is in the database."""
        async with self.house.desk.store.read() as session:
            rows = (await session.exec(select(Post).order_by(col(Post.id)))).all()
        return {row.text: row.state for row in rows}

    async def addresses(self) -> list[str]:
        """All that are kept."""
        async with self.house.desk.store.read() as session:
            return [row.email for row in (await session.exec(select(Address))).all()]

    def viewer(self, device: str = "laptop") -> Viewer:
        return self.house.viewer(device)


async def open_hall(house: House) -> Hall:
    """Open the discussion, at the console's command."""
    house.clock.moment = OPENED
    answer = await house.do(
        "discussion.open",
        item_id=house.items[2],
        title="Trees on Mill Lane",
        introduction="Which trees should stay?",
        closes=CLOSES,
    )
    return Hall(house, int(answer["topic_id"]))
