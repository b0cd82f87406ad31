"""What is not in the protocol is not sent."""

import pytest

from tests.signalling.conftest import Hall


async def test_an_event_that_the_protocol_does_not_know_is_not_sent(hall: Hall) -> None:
    with pytest.raises(ValueError, match="/console has no event 'secrets'"):
        await hall.namespaces.console.emit("secrets", {})
