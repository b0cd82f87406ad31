"""Real PDFs, good and bad."""

from pathlib import Path

import pypdfium2
from PIL import Image

RED, GREEN, BLUE = (200, 30, 30), (30, 160, 60), (40, 60, 200)


def write_pdf(
    path: Path, *colours: tuple[int, int, int], size: tuple[int, int] = (960, 540), blank: int = 0
) -> Path:
    """A PDF with a page of each colour, then blank pages."""
    pages = [Image.new("RGB", size, colour) for colour in colours]
    if pages:
        pages[0].save(path, "PDF", save_all=True, append_images=pages[1:], resolution=72)
    document = pypdfium2.PdfDocument(path) if pages else pypdfium2.PdfDocument.new()
    for _ in range(blank):
        document.new_page(595, 842)
    if blank:
        document.save(path.with_suffix(".more"))
        path.with_suffix(".more").replace(path)
    document.close()
    return path
