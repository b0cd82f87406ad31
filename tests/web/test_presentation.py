"""What officers bring into a meeting: a PDF by upload, their screen by an offer."""

import pytest
from aiohttp import FormData

from hub.domain import views
from media.control.command import Refused
from tests.web.conftest import OFFER, SECRETS, Site
from web.api import presentation
from web.middleware.headers import NO_DEVICES, SCREEN

PDF = b"%PDF-1.7\nnot much of one\n%%EOF\n"


def form(data: bytes = PDF, name: str = "document", filename: str = "Mill Lane plans.pdf") -> FormData:
    made = FormData(quote_fields=False)
    made.add_field(name, data, filename=filename, content_type="application/pdf")
    return made


def upload_address(site: Site) -> str:
    return f"/api/v1{site.meeting}/presentation"


async def log_of(site: Site) -> list[tuple[str, str, str]]:
    snapshot = await views.staff_snapshot(site.house.desk, site.house.ref)
    return [(line.who, line.action, line.subject) for line in snapshot.audit]


async def test_an_officer_uploads_a_pdf(site: Site) -> None:
    await site.sign_in()
    async with site.client.post(upload_address(site), data=form()) as response:
        assert response.status == 200
        assert await response.json() == {"ok": True, "title": "Mill Lane plans", "pages": 3}
    assert site.engine.uploads == [PDF]
    assert ("Ann Clark", "presentation.upload", "“Mill Lane plans”, 3 pages") in await log_of(site)


async def test_nothing_of_an_upload_is_public(site: Site) -> None:
    await site.sign_in()
    async with site.client.post(upload_address(site), data=form()) as response:
        assert response.status == 200
    site.client.session.cookie_jar.clear()
    for path in (site.meeting, f"{site.meeting}/state.json", f"/api/v1{site.meeting}"):
        text = await site.text(path)
        assert "Mill Lane plans" not in text
        assert not any(secret in text for secret in SECRETS)
    for path in (upload_address(site), f"{site.meeting}/presentation", f"{site.meeting}/presentation.pdf"):
        async with site.client.get(path) as response:
            assert response.status in (404, 405)


async def test_strangers_and_other_sites_bring_nothing(site: Site) -> None:
    share = f"/api/v1{site.meeting}/share"
    offer = {"Content-Type": "application/sdp"}
    async with site.client.post(upload_address(site), data=form()) as response:
        assert response.status == 401
    async with site.client.post(share, data=OFFER, headers=offer) as response:
        assert response.status == 401
    async with site.client.delete(f"{share}/feed-1") as response:
        assert response.status == 401
    await site.sign_in()
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    async with site.client.post(upload_address(site), data=form(), headers=elsewhere) as response:
        assert response.status == 403
    async with site.client.post(share, data=OFFER, headers=offer | elsewhere) as response:
        assert response.status == 403
    assert site.engine.calls == []


async def test_a_pdf_that_cannot_be_read_is_refused_with_its_sentence(site: Site) -> None:
    await site.sign_in()
    site.engine.says = Refused("bad_document", "The PDF is protected by a password. Save it without one.")
    async with site.client.post(upload_address(site), data=form()) as response:
        assert response.status == 422
        assert (await response.json())["detail"] == "The PDF is protected by a password. Save it without one."
    assert "presentation.upload" not in [action for _, action, _ in await log_of(site)]


async def test_a_file_that_is_too_large_is_not_kept(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presentation, "PDF_LIMIT", 100_000)
    await site.sign_in()
    for size in (100_001, 300_000):
        async with site.client.post(upload_address(site), data=form(PDF + b"x" * size)) as response:
            assert response.status == 413
    assert site.engine.calls == []


async def test_what_is_no_form_with_a_document_is_refused(site: Site) -> None:
    await site.sign_in()
    for body in (form(name="other"), b"x", {"document": "text"}):
        async with site.client.post(upload_address(site), data=body) as response:
            assert response.status == 422
            assert (await response.json())["code"] == "invalid"
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    async with site.client.post(upload_address(site), data=b"--x\r\nnonsense", headers=headers) as response:
        assert response.status == 422
    async with site.client.post("/api/v1/meetings/none/presentation", data=form()) as response:
        assert response.status == 404


async def test_an_officer_shares_a_screen(site: Site) -> None:
    await site.sign_in()
    share, offer = f"/api/v1{site.meeting}/share", {"Content-Type": "application/sdp"}
    async with site.client.post(share, data=OFFER, headers=offer) as response:
        assert response.status == 409
    await site.house.do("meeting.open_room")
    async with site.client.post(share, data=OFFER, headers=offer) as response:
        assert response.status == 201
        session = response.headers["Location"]
    assert ("open_feed", site.house.ref, "presentation", "Screen of Ann Clark") in site.engine.calls
    async with site.client.delete(session) as response:
        assert response.status == 200
    async with site.client.delete(session) as response:
        assert response.status == 404
    actions = [action for _, action, _ in await log_of(site)]
    assert actions[:2] == ["presentation.unshare", "presentation.share"]


async def test_only_the_console_may_ask_for_the_screen(site: Site) -> None:
    await site.sign_in()
    for path, policy in (
        (f"/console{site.meeting}", SCREEN),
        ("/console", NO_DEVICES),
        (site.meeting, NO_DEVICES),
    ):
        async with site.client.get(path) as response:
            assert response.headers["Permissions-Policy"] == policy
