"""Forms without scripts: registering, asking, voting."""

import re

from sqlmodel import col, select

from hub.domain.models import Question, Registration
from tests.web.conftest import Site

GOOD = {
    "kind": "speak",
    "name": "Sam Lee",
    "email": "sam.lee@example.org",
    "phone": "",
    "item_id": "",
    "mode": "remote",
    "consent": "picture_and_sound",
    "summary": "Trees",
}


async def registrations(site: Site) -> list[Registration]:
    async with site.house.desk.store.read() as session:
        return list(
            (await session.exec(select(Registration).where(col(Registration.name) != "Pat Planted"))).all()
        )


async def questions(site: Site) -> list[Question]:
    async with site.house.desk.store.read() as session:
        return list((await session.exec(select(Question).order_by(col(Question.id)))).all())[1:]


async def test_registering_gives_the_personal_link_once(site: Site) -> None:
    async with site.client.post(f"{site.meeting}/register", data=GOOD) as response:
        page = await response.text()
        assert response.status == 200
        assert response.headers["Cache-Control"] == "no-store"
    link = re.search(r'id="personal-link" href="[^"]+(/speak/[^"]+)"', page)
    assert link is not None
    assert "Continue on this device" in await site.text(link[1])
    (row,) = await registrations(site)
    assert (row.name, row.email, row.summary) == ("Sam Lee", "sam.lee@example.org", "Trees")


async def test_a_mistake_keeps_what_was_typed_and_says_what_is_wrong(site: Site) -> None:
    wrong = GOOD | {"email": "not an address", "item_id": str(site.house.items[2]), "summary": "<b>Trees</b>"}
    async with site.client.post(f"{site.meeting}/register", data=wrong) as response:
        page = await response.text()
        assert response.status == 422
    assert "There is a problem" in page
    assert '<a href="#email">' in page
    assert 'value="Sam Lee"' in page
    assert 'value="not an address"' in page
    assert "&lt;b&gt;Trees&lt;/b&gt;" in page
    assert re.search(rf'value="{site.house.items[2]}"\s+checked', page)
    assert "<title>Error: " in page
    assert await registrations(site) == []


async def test_registering_for_what_cannot_be_spoken_on(site: Site) -> None:
    for item in (str(site.house.items[3]), "999", "x", "1" * 30):
        async with site.client.post(f"{site.meeting}/register", data=GOOD | {"item_id": item}) as response:
            assert response.status == 422, item
            assert 'href="#item_id"' in await response.text()


async def test_registration_closes_with_words(site: Site) -> None:
    await site.end()
    assert "The meeting is over." in await site.text(f"{site.meeting}/register")
    async with site.client.post(f"{site.meeting}/register", data=GOOD) as response:
        assert response.status == 403
        assert "The meeting is over." in await response.text()


async def test_a_question_arrives_and_only_its_author_sees_it(site: Site) -> None:
    form = {"text": "Why?\r\nReally", "author": "Jo", "item_id": "", "client_id": "one"}
    async with site.client.post(f"{site.meeting}/questions", data=form) as response:
        page = await response.text()
        assert response.status == 200
        assert response.url.path == site.meeting
    assert "Your question has arrived." in page
    assert "An officer will read it. Nobody else sees it yet." in page
    (row,) = await questions(site)
    assert (row.text, row.author) == ("Why?\nReally", "Jo")
    site.client.session.cookie_jar.clear()
    assert "Really" not in await site.text(site.meeting)


async def test_the_same_form_twice_asks_once(site: Site) -> None:
    form = {"text": "Why?", "client_id": "one"}
    for _ in range(2):
        async with site.client.post(f"{site.meeting}/questions", data=form) as response:
            assert response.status == 200
    assert len(await questions(site)) == 1


async def test_floods_and_html_are_errors_or_text(site: Site) -> None:
    for text, words in (
        ("x" * 10_000, "Shorten your question"),
        ("🎉" * 600, "Shorten your question"),
        (" ", "Enter your"),
    ):
        async with site.client.post(f"{site.meeting}/questions", data={"text": text}) as response:
            page = await response.text()
            assert response.status == 422
        assert words in page
        assert 'href="#text"' in page
        assert text.strip() in page
    async with site.client.post(
        f"{site.meeting}/questions", data={"text": "<script>alert(1)</script>"}
    ) as response:
        assert response.status == 200
    (row,) = await questions(site)
    await site.house.do("question.approve", question_id=row.id)
    page = await site.text(site.meeting)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


async def test_too_many_questions_say_when_to_try_again(site: Site) -> None:
    for number in range(3):
        async with site.client.post(
            f"{site.meeting}/questions", data={"text": f"Question {number}"}
        ) as response:
            assert response.status == 200
    async with site.client.post(f"{site.meeting}/questions", data={"text": "One more"}) as response:
        assert response.status == 429
        page = await response.text()
    assert "Try again in" in page
    assert "One more" in page


async def test_a_form_of_half_a_megabyte_is_refused(site: Site) -> None:
    async with site.client.post(f"{site.meeting}/questions", data={"text": "x" * 500_000}) as response:
        assert response.status == 413
        assert "What was sent is too large." in await response.text()


async def test_a_device_votes_once(site: Site) -> None:
    question = await site.house.ask("Why?")
    await site.house.do("question.approve", question_id=question)
    for _ in range(2):
        async with site.client.post(f"{site.meeting}/questions/{question}/vote") as response:
            assert response.status == 200
            assert "1 vote<" in await response.text()
    async with site.client.post(f"{site.meeting}/questions/999/vote") as response:
        assert response.status == 404


async def test_forms_of_an_unknown_meeting(site: Site) -> None:
    for path in ("/meetings/none/questions", "/meetings/none/register"):
        async with site.client.post(path, data=GOOD | {"text": "Why?"}) as response:
            assert response.status == 404


async def test_forms_sent_by_other_sites_do_nothing(site: Site) -> None:
    host = f"{site.client.host}:{site.client.port}"
    refused = (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    )
    for headers in refused:
        async with site.client.post(
            f"{site.meeting}/questions", data={"text": "Why?"}, headers=headers
        ) as response:
            assert response.status == 403, headers
            assert "nothing was done" in await response.text()
    assert await questions(site) == []
    for number, headers in enumerate(({"Sec-Fetch-Site": "same-origin"}, {"Origin": f"http://{host}"}, {})):
        form = {"text": f"Question {number}"}
        async with site.client.post(f"{site.meeting}/questions", data=form, headers=headers) as response:
            assert response.status == 200, headers


async def test_where_ones_own_question_stands_and_taking_it_back_need_no_scripts(site: Site) -> None:
    async with site.client.post(f"{site.meeting}/questions", data={"text": "Why is it so?"}) as response:
        assert response.status == 200
    (row,) = await questions(site)
    await site.house.do("question.reject", question_id=row.id, code="off_topic", reason="NOTE")
    page = await site.text(site.meeting)
    assert "It was not published. It is not about this meeting." in " ".join(page.split())
    assert "NOTE" not in page
    await site.house.do("question.put_back", question_id=row.id)
    assert "Take it back" in await site.text(site.meeting)
    async with site.client.post(f"{site.meeting}/questions/{row.id}/withdraw") as response:
        assert response.status == 200
        assert "You took it back." in await response.text()
    async with site.client.post(f"{site.meeting}/questions/{row.id}/withdraw") as response:
        assert response.status == 409
    site.client.session.cookie_jar.clear()
    async with site.client.post(f"{site.meeting}/questions/{row.id}/withdraw") as response:
        assert response.status == 422, "a browser without a number asked nothing"


async def test_ones_own_question_is_changed_without_scripts(site: Site) -> None:
    form = {"text": "Why is it so?", "author": "Kim Roe"}
    async with site.client.post(f"{site.meeting}/questions", data=form) as response:
        assert response.status == 200
    (row,) = await questions(site)
    assert "Change it" in await site.text(site.meeting)
    edit = f"{site.meeting}/questions/{row.id}/edit"
    async with site.client.post(edit, data={"text": "Why is it late?", "author": "Kim Roe"}) as response:
        assert (response.status, response.url.query_string) == (200, f"changed={row.id}")
        assert "Your question was changed." in await response.text()
    (row,) = await questions(site)
    assert (row.text, row.author, row.state) == ("Why is it late?", "Kim Roe", "pending")
    async with site.client.post(edit, data={"text": "Too long? " * 60, "author": "Kim Roe"}) as response:
        page = await response.text()
        assert response.status == 422
        assert f'href="#edit-{row.id}-text">Shorten your question to 500 characters: it has 599' in page
        assert page.count("Too long? " * 59) == 1, "what was typed stays in the form"
    assert (await questions(site))[0].text == "Why is it late?"


async def test_a_change_that_came_too_late_is_refused_with_what_was_typed(site: Site) -> None:
    async with site.client.post(f"{site.meeting}/questions", data={"text": "Why is it so?"}) as response:
        assert response.status == 200
    (row,) = await questions(site)
    edit = f"{site.meeting}/questions/{row.id}/edit"
    await site.house.do("question.approve", question_id=row.id)
    assert "Change it" not in await site.text(site.meeting)
    async with site.client.post(edit, data={"text": "My <b>new</b> words"}) as response:
        page = await response.text()
        assert response.status == 409
        assert "It has been published, so it can no longer be changed." in page
        assert "My &lt;b&gt;new&lt;/b&gt; words" in page
    async with site.client.post(f"/cy{edit}", data={"text": "Geiriau newydd"}) as response:
        page = await response.text()
        assert "Mae wedi’i gyhoeddi, felly ni ellir ei newid mwyach." in page
        assert "Geiriau newydd" in page
    site.client.session.cookie_jar.clear()
    for device in ("", "somebody-elses-device"):
        headers = {"Cookie": f"device={device}"} if device else {}
        async with site.client.post(edit, data={"text": "Not mine"}, headers=headers) as response:
            assert response.status == (404 if device else 422)
            assert "Not mine" in await response.text()
    assert [one.text for one in await questions(site)] == ["Why is it so?"]


async def test_kinds_of_answers_look_different(site: Site) -> None:
    asked = [await site.house.ask(text, "somebody else") for text in ("One?", "Two?", "Three?")]
    for number in asked:
        await site.house.do("question.approve", question_id=number)
    await site.house.do("question.finish_answer", question_id=asked[0])
    await site.house.do("question.answer", question_id=asked[1], text="In writing.")
    await site.house.do("question.answer", question_id=asked[2], text="For you alone.", private=True)
    page = await site.text(site.meeting)
    for words in ("Answered at the meeting", "Answered in writing", "Answered to who asked", "In writing."):
        assert words in page
    assert "For you alone." not in page


async def test_frozen_questions_keep_what_was_typed(site: Site) -> None:
    await site.house.do("questions.freeze", frozen=True)
    assert "Questions are paused for the moment." in await site.text(site.meeting)
    async with site.client.post(f"{site.meeting}/questions", data={"text": "Keep me?"}) as response:
        assert response.status == 403
        assert "Keep me?" in await response.text()


async def test_who_was_removed_reads_why_without_scripts(site: Site) -> None:
    async with site.client.post(f"{site.meeting}/questions", data={"text": "Threat"}) as response:
        assert response.status == 200
    (row,) = await questions(site)
    await site.house.do("person.remove", question_id=row.id, reason="Threats <b>")
    page = await site.text(site.meeting)
    assert "You can no longer ask or vote in this meeting. The reason: “Threats &lt;b&gt;”." in page
    assert f'action="{site.meeting}/questions"' not in page


async def test_a_browser_without_cookies_shares_its_address_with_its_neighbours(site: Site) -> None:
    for number in range(60):
        site.client.session.cookie_jar.clear()
        form = {"text": f"Flood {number}"}
        async with site.client.post(
            f"{site.meeting}/questions", data=form, allow_redirects=False
        ) as response:
            assert response.status == 303
    site.client.session.cookie_jar.clear()
    async with site.client.post(f"{site.meeting}/questions", data={"text": "One more"}) as response:
        assert response.status == 429
        assert response.headers["Retry-After"] == "2"


async def test_cannot_hear_without_scripts(site: Site) -> None:
    async with site.client.post(f"{site.meeting}/cant-hear") as response:
        assert response.status == 409
        assert "nothing to hear" in await response.text()
    await site.house.live()
    assert "Can’t hear?" in await site.text(site.meeting)
    for language, words in (("", "Thank you. The officers"), ("/cy", "Diolch. Mae’r swyddogion")):
        async with site.client.post(f"{language}{site.meeting}/cant-hear") as response:
            assert response.status == 200
            assert words in await response.text()
    async with site.client.post("/meetings/none/cant-hear") as response:
        assert response.status == 404
