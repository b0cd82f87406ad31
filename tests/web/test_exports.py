"""What officers take home of questions and answers."""

import csv
import io
import json
import re

import pytest

from tests.web.conftest import Site

FILES = ("questions.json", "questions.csv", "moderation.csv", "notes.csv")


async def rows(site: Site, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(await site.text(f"/console{site.meeting}/{name}"))))


@pytest.mark.parametrize("name", FILES)
async def test_they_are_for_officers_and_are_kept_by_no_cache(site: Site, name: str) -> None:
    page = await site.text(f"/console{site.meeting}/{name}", 401)
    assert "PENDING-SECRET" not in page
    assert "NOTE-SECRET" not in page
    await site.sign_in()
    async with site.client.get(f"/console{site.meeting}/{name}") as response:
        assert response.status == 200
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Content-Disposition"] == (f'attachment; filename="{site.house.ref}-{name}"')
    await site.text(f"/console/meetings/none/{name}", 404)


async def test_questions_answers_and_the_log(site: Site) -> None:
    house = site.house
    answered = await house.ask("Why, “oh” why?\nReally, why?", "b")
    refused = await house.ask("=HYPERLINK(1)", "c")
    await house.do("question.approve", question_id=answered)
    await house.do("question.answer", question_id=answered, text="-1 is the answer, Ünal")
    await house.do("question.reject", question_id=refused, code="no_question", reason="=1+1")
    await site.sign_in()
    _, first, second = await rows(site, "questions.csv")
    assert (first["text"], first["state"], first["answered_how"]) == (
        "Why, “oh” why?\nReally, why?",
        "answered",
        "written",
    )
    assert first["answer"] == "'-1 is the answer, Ünal", "no formula for a spreadsheet"
    assert (second["text"], second["rejected_for"]) == ("'=HYPERLINK(1)", "no_question")
    assert "device" not in first
    log = await rows(site, "moderation.csv")
    assert [(line["who"], line["action"], line["after"]) for line in log] == [
        ("Ann Clark", "question.approve", "approved"),
        ("Ann Clark", "question.answer", "answered"),
        ("Ann Clark", "question.reject", "rejected"),
    ]
    assert {line["personal_data_deleted_on"] for line in log} == {"kept"}
    assert first["personal_data_deleted_on"] == "kept", "everybody has read it"
    ends = second["personal_data_deleted_on"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", ends)
    whole = json.loads(await site.text(f"/console{site.meeting}/questions.json"))
    assert whole["questions"][2]["text"] == "=HYPERLINK(1)", "as it was sent"
    assert len(whole["log"]) == 3
    assert whole["personal_data_deleted_on"] == ends
