"""Pages are told what changed, and ask for the whole when something is missing."""

from tests.signalling.conftest import Hall
from tests.signalling.raw import raw


async def test_a_change_is_told_as_a_delta_of_what_was_told_before(hall: Hall) -> None:
    async with raw(hall.address) as page:
        await page.enter("/audience", {"meeting": hall.ref, "device": "device-of-alice"})
        await hall.do("questions.open", open=False)
        assert "questions_open" in await page.until('42/audience,["state"'), "nothing was told before"
        version = await hall.version()
        await hall.do("questions.open", open=True)
        delta = await page.until('42/audience,["delta",')
        assert f'"from":{version},"version":{version + 1}' in delta
        assert '{"op":"replace","path":"/questions_open","value":true}' in delta
        assert "agenda" not in delta


async def test_a_page_that_missed_something_has_the_whole_for_the_asking(hall: Hall) -> None:
    viewer = await hall.viewer()
    await hall.do("questions.open", open=False)
    await viewer.version(await hall.version())
    viewer.told["state"] = {**viewer.told["state"], "version": 0}
    await hall.do("questions.open", open=True)
    state = await viewer.version(await hall.version())
    assert state["questions_open"] is True
    assert state["agenda"]
