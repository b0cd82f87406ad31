"""A rehearsal by the sockets: officers and who practises are told everything, the audience cannot come in."""

from dataclasses import replace

from hub.domain.services.registration import take_slot
from hub.domain.services.rehearsal import rehearse
from tests.signalling.conftest import Hall
from tests.signalling.line import Line


async def test_only_officers_and_who_practises_come_in(hall: Hall) -> None:
    viewer = await hall.viewer()
    ref = await rehearse(hall.desk, hall.seed.clerk, hall.ref)
    auth = {"meeting": ref, "device": "device-of-eve"}
    assert await Line("/audience").turned_away(hall.address, auth) == "not_found"
    hall.seed = replace(hall.seed, meeting_ref=ref)
    console = await hall.console()
    assert console.told["state"]["rehearsal"] is True
    speaker = console.told["state"]["speakers"][0]["id"]
    token = str((await hall.do("speaker.link", registration_id=speaker))["token"])
    await take_slot(hall.desk, token, "phone")
    page = await hall.line("/speaker", {"token": token, "device": "phone"})
    assert page.told["state"]["rehearsal"] is True
    await hall.live()
    await console.until("state", lambda state: state["public"]["state"] == "live", "it")
    await page.until("state", lambda state: state["meeting_state"] == "live", "it")
    assert ref not in viewer.everything()
