"""An officer corrects the name of somebody on air, with a real studio: picture, page and index have it."""

import pytest

from tests.e2e.conftest import Hall
from tests.support.far_speaker import register
from tests.support.sockets import RefusalError, Told, audience
from tests.support.waiting import until_async

pytestmark = pytest.mark.asyncio(loop_scope="module")

RUDE, PROPER = "Rude Name", "Nia Roberts"


async def test_name_is_corrected_on_air(hall: Hall) -> None:
    desk = hall.console
    item = next(one["id"] for one in desk.public["agenda"] if "Mill Lane" in one["title"])
    resident = await register(hall.http, hall.meeting, RUDE, item)

    def row(state: Told) -> Told:
        return next((one for one in state["speakers"] if one["name"] in (RUDE, PROPER)), {"state": "away"})

    async def is_now(state: str) -> None:
        await desk.until("state", lambda told: row(told)["state"] == state, f"the resident to be {state}")

    await is_now("submitted")
    number = row(desk.told["state"])["id"]
    await desk.call("speaker.confirm", registration_id=number)
    async with (
        resident.at_home(hall.http, hall.address) as home,
        audience(hall.address, hall.ref, "device-of-kim") as viewer,
    ):
        await is_now("checked_in")
        await desk.call("speaker.call", registration_id=number)
        await desk.feed(lambda feed: feed["state"] == "live", "their picture", source=str(number))
        await desk.call("captions.show", visible=True)
        await desk.call("speaker.admit", registration_id=number)
        caption = (await desk.fresh())["captions"][str(number)]
        assert caption.startswith(f"{RUDE}, resident, item")
        await viewer.until("state", lambda told: named(told) == RUDE, "the page to have the name")

        answer = await desk.call("speaker.rename", registration_id=number, name=PROPER)
        assert "warning" not in answer
        studio = await desk.fresh()
        assert studio["captions"][str(number)] == caption.replace(RUDE, PROPER)
        assert {feed["source"]: feed["label"] for feed in studio["feeds"]}[str(number)] == PROPER
        public = await viewer.until("state", lambda told: named(told) == PROPER, "the page to be corrected")
        assert RUDE not in str(public), "neither in the index nor elsewhere"
        assert [point["label"] for point in public["index"] if point["kind"] == "speaker"] == [
            f"{PROPER}, resident"
        ]
        assert home.told["state"]["name"] == PROPER
        assert row(desk.told["state"])["name"] == PROPER

        async def by_http() -> bool:
            async with hall.http.get(f"{hall.meeting}/state.json") as response:
                return RUDE not in await response.text()

        await until_async(by_http, "state.json to be corrected")
        with pytest.raises(RefusalError) as refused:
            await home.call("speaker.rename", registration_id=number, name=RUDE)
        assert refused.value.code == "forbidden", "the officers alone"
        await desk.call("speaker.finish", registration_id=number)


def named(public: Told) -> str:
    """Who speaks, as the page has it."""
    return str(public["speaker"]["name"]) if public["speaker"] else ""
