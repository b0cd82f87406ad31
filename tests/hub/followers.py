"""People who follow meetings by e-mail, on the desk of the tests' house."""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlmodel import col, select

from hub.domain.models import AddressMail, AddressMailKind, Confirmation, Follow, Meeting, key
from hub.domain.services.confirming import confirm
from hub.domain.services.following import Person, follow_meeting, follow_meetings
from tests.hub.conftest import House
from tests.hub.fakes import START


@dataclass
class Followers:
    """Asks and confirms in their names."""

    house: House
    proofs: dict[str, str] = field(default_factory=dict)

    def person(self, email: str = "sam@example.org", proof: str = "", device: str = "") -> Person:
        return Person(email, proof, "en", device or f"device of {email}", "")

    async def ask(
        self, email: str = "sam@example.org", *, start: bool = True, items: list[int] | None = None
    ) -> None:
        """To be told of the house's meeting, without confirming."""
        await follow_meeting(
            self.house.desk, self.house.ref, self.person(email), start=start, items=items or []
        )

    async def follow(
        self, email: str = "sam@example.org", *, start: bool = True, items: list[int] | None = None
    ) -> None:
        await self.ask(email, start=start, items=items)
        await self.confirm_newest()

    async def subscribe(
        self, email: str = "sam@example.org", *, committee: int | None = None, topic: str = ""
    ) -> None:
        """To the digest, and confirm."""
        await follow_meetings(self.house.desk, self.person(email), committee_id=committee, topic=topic)
        await self.confirm_newest()

    async def newest_token(self) -> str:
        async with self.house.desk.store.read() as session:
            newest = select(Confirmation).order_by(col(Confirmation.id).desc()).limit(1)
            return self.house.desk.links.of((await session.exec(newest)).one()) or ""

    async def confirm_newest(self) -> str:
        return (await confirm(self.house.desk, await self.newest_token())).proof

    async def follows(self) -> list[Follow]:
        async with self.house.desk.store.read() as session:
            return list((await session.exec(select(Follow).order_by(col(Follow.id)))).all())

    async def written(self) -> list[tuple[AddressMailKind, list[dict[str, str]]]]:
        """Letters in the outbox, but those to confirm with."""
        wanted = select(AddressMail).where(AddressMail.kind != AddressMailKind.CONFIRM)
        async with self.house.desk.store.read() as session:
            rows = (await session.exec(wanted.order_by(col(AddressMail.id)))).all()
        return [(row.kind, row.lines) for row in rows]

    async def plan(self, ref: str, **more: object) -> int:
        """Another meeting of the committee, in a month."""
        async with self.house.desk.store.write() as session:
            first = await session.get_one(Meeting, self.house.meeting_id)
            values = {
                "ref": ref,
                "committee_id": first.committee_id,
                "title": f"Meeting {ref}",
                "starts_at": START + timedelta(days=28),
            }
            meeting = Meeting.model_validate(values | more)
            session.add(meeting)
            await session.flush()
            return key(meeting)
