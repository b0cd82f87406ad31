"""An officer at the console, who trusts no answer to have arrived."""

from hub.domain.commands import COMMANDS
from hub.domain.people import Staff
from tests.signalling.conftest import Hall
from tests.signalling.line import Line
from tests.support.sockets import Told

STAFF = sorted(name for name, spec in COMMANDS.items() if spec.actor is Staff)
SECRETS = ("token", "short_code")
OF_WEBINARS = ("poll.", "hand.", "presenter.")
"""What commands begin with that other meetings do not know."""


class Clerk:
    """Sends each command twice, as a client does that missed the answer."""

    def __init__(self, hall: Hall, line: Line) -> None:
        self.hall = hall
        self.line = line
        self.sent: list[str] = []

    async def do(self, name: str, /, **payload: object) -> Told:
        """The answer; the second time it is the same, but for a secret, and nothing changes."""
        self.sent.append(name)
        message = {"client_id": f"message-{len(self.sent)}", **payload}
        answer = await self.line.ask(name, **message)
        assert answer["ok"], (name, answer)
        version, asked = await self.hall.version(), len(self.hall.studio.names())
        again = await self.line.ask(name, **message)
        assert again == {**answer, **dict.fromkeys(answer.keys() & SECRETS)}, name
        assert await self.hall.version() == version, name
        assert len(self.hall.studio.names()) == asked, f"{name} troubled the studio twice"
        await self.line.version(version)
        return answer

    def row(self, name: str) -> Told:
        rows: list[Told] = self.line.told["state"]["speakers"]
        return next(row for row in rows if row["name"] == name)
