"""Checking and keeping an uploaded PDF, with the real process that reads it."""

import os
from pathlib import Path

import pypdfium2
import pytest

from hub.supervision import presentation
from hub.supervision.presentation import Presentation, count_pages
from media.client.engine import Document
from media.control.command import Refused
from tests.support.documents import BLUE, RED, write_pdf


async def test_a_document_is_kept_and_replaced(tmp_path: Path) -> None:
    kept = Presentation(tmp_path / "meeting")
    assert kept.document is None
    upload = write_pdf(tmp_path / "a.pdf", RED, BLUE)
    assert await kept.keep(upload, "Plans") == Document(title="Plans", pages=2)
    upload.unlink()
    again = Presentation(tmp_path / "meeting").document
    assert again is not None
    assert (again.title, again.pages) == ("Plans", 2)
    await kept.keep(write_pdf(tmp_path / "b.pdf", RED), "x" * 300)
    assert kept.document is not None
    assert (kept.document.title, kept.document.pages) == ("x" * 100, 1)
    folder = tmp_path / "meeting" / "presentation"
    assert len(list(folder.glob("*.pdf"))) == 1
    assert {path.stat().st_mode & 0o077 for path in (folder, *folder.glob("*.pdf"))} == {0}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This is not a PDF"),
        (b"<html>%PDE", "This is not a PDF"),
        (b"%PDF-1.7\n" + os.urandom(20_000), "it is damaged"),
    ],
)
async def test_what_is_no_pdf_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "bad.pdf").write_bytes(content)
    with pytest.raises(Refused, match=sentence) as refusal:
        await Presentation(tmp_path).keep(tmp_path / "bad.pdf", "Bad")
    assert refusal.value.code == "bad_document"
    assert Presentation(tmp_path).document is None


async def test_too_many_pages_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="The PDF has 301 pages; 1 to 300 are taken"):
        await count_pages(write_pdf(tmp_path / "long.pdf", blank=301))
    assert await count_pages(write_pdf(tmp_path / "just.pdf", blank=300)) == 300


async def test_a_pdf_that_eats_time_or_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(14_400, 1)
    document.save(tmp_path / "odd.pdf")
    assert await count_pages(tmp_path / "odd.pdf") == 1
    monkeypatch.setattr(presentation, "CHECK_SECONDS", 0.001)
    with pytest.raises(Refused, match="too much time or memory"):
        await count_pages(tmp_path / "odd.pdf")
