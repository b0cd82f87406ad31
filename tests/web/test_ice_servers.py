"""How WHIP and WHEP name servers. That coturn takes the names is tested in ``tests/hub/test_turn.py``."""

import re

from hub.domain.turn import TurnServers
from tests.hub.fakes import START
from web.live.ice_servers import link

TURN = TurnServers(("turn:turn.example", "turns:turn.example:443?transport=tcp"), "secret")


def test_every_address_is_named_and_turn_with_its_credentials() -> None:
    text = link(["stun:stun.example"], TURN.servers("label", START))
    assert re.findall(r"<([^>]+)>", text) == ["stun:stun.example", *TURN.urls]
    assert text.startswith('<stun:stun.example>; rel="ice-server", <turn:')
    assert text.count(':label"; credential="') == 2


def test_without_servers_there_is_nothing_to_say() -> None:
    assert link([], TurnServers().servers("label", START)) == ""
