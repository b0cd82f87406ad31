"""RSS 2.0 with the chapters of each recording in it (Podlove Simple Chapters)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from hub.domain.text import cleaned

ATOM = "http://www.w3.org/2005/Atom"
CHAPTERS = "http://podlove.org/simple-chapters"
ET.register_namespace("atom", ATOM)
ET.register_namespace("psc", CHAPTERS)


@dataclass(frozen=True, slots=True)
class Mark:
    """A chapter. ``start`` is seconds of playback."""

    start: float
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Item:
    """A recording, or a meeting to come: then without media."""

    title: str
    url: str
    published: datetime
    description: str
    media: str = ""
    media_bytes: int = 0
    chapters: Sequence[Mark] = ()


def feed(title: str, url: str, own_url: str, description: str, items: Iterable[Item]) -> bytes:
    """The document."""
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    _add(channel, "title", title)
    _add(channel, "link", url)
    _add(channel, "description", description)
    _add(channel, "language", "en-gb")
    ET.SubElement(channel, f"{{{ATOM}}}link", rel="self", type="application/rss+xml", href=own_url)
    for item in items:
        _item(channel, item)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _item(channel: ET.Element, item: Item) -> None:
    element = ET.SubElement(channel, "item")
    _add(element, "title", item.title)
    _add(element, "link", item.url)
    _add(element, "guid", item.url).set("isPermaLink", "true")
    _add(element, "pubDate", format_datetime(item.published))
    _add(element, "description", item.description)
    if item.media:
        ET.SubElement(element, "enclosure", url=item.media, length=str(item.media_bytes), type="video/mp4")
    if item.chapters:
        listed = ET.SubElement(element, f"{{{CHAPTERS}}}chapters", version="1.2")
        for mark in item.chapters:
            ET.SubElement(
                listed,
                f"{{{CHAPTERS}}}chapter",
                start=_normal_play_time(mark.start),
                title=_xml(mark.title),
                href=mark.url,
            )


def _add(parent: ET.Element, name: str, words: str) -> ET.Element:
    element = ET.SubElement(parent, name)
    element.text = _xml(words)
    return element


def _xml(words: str) -> str:
    """Without the characters that XML 1.0 does not know at all."""
    return cleaned(words)


def _normal_play_time(seconds: float) -> str:
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}.{rest % 1000:03d}"
