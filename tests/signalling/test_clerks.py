"""Officers see who else has the console open, as they come and go."""

from tests.signalling.conftest import SECOND_CLERK, Hall


def names(state: dict[str, list[dict[str, str]]]) -> set[str]:
    return {clerk["name"] for clerk in state["clerks"]}


async def test_the_others_are_seen_coming_and_going(hall: Hall) -> None:
    ann = await hall.console()
    bob = await hall.console(SECOND_CLERK)
    await ann.until("state", lambda state: names(state) == {"Ann Clark", "Bob Dene"}, "Bob")
    await bob.until("state", lambda state: names(state) == {"Ann Clark", "Bob Dene"}, "Ann")
    again = await hall.console(SECOND_CLERK)
    await again.close()
    await bob.close()
    await ann.until("state", lambda state: names(state) == {"Ann Clark"}, "Bob to be gone")


async def test_a_handover_is_seen_by_both(hall: Hall) -> None:
    ann, bob = await hall.console(), await hall.console(SECOND_CLERK)
    await ann.until("state", lambda state: len(state["clerks"]) == 2, "Bob")
    assert (await ann.ask("meeting.open_room", client_id="one"))["ok"]
    to = next(clerk for clerk in ann.told["state"]["clerks"] if clerk["name"] == "Bob Dene")
    offer = await ann.ask("duty.offer", client_id="two", staff_id=to["staff_id"], note="Item 9")
    assert offer["ok"]
    await bob.until("state", lambda state: state["duty"]["note"] == "Item 9", "the offer")
    assert (await bob.ask("duty.accept", client_id="three"))["ok"]
    for page in (ann, bob):
        await page.until("state", lambda state: state["duty"]["officer"]["name"] == "Bob Dene", "it")
