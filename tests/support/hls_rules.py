"""What RFC 8216bis asks of low-latency playlists, checked on the text: one, and a growing row."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

SLACK = 0.0005


@dataclass
class Item:
    """A segment, complete or (without ``uri``) growing."""

    msn: int
    parts: list[tuple[float, str, bool]] = field(default_factory=list)
    duration: float = 0.0
    uri: str = ""
    date: datetime | None = None
    discontinuity: bool = False
    gap: bool = False


@dataclass
class Read:
    """A media playlist, read without mercy."""

    header: dict[str, str]
    items: list[Item]
    map: str
    hint: str
    skipped: int
    ended: bool
    reports: dict[str, tuple[int, int]] = field(default_factory=dict)
    """(msn, part) of the newest part of each other rendition, by its playlist."""

    @property
    def target(self) -> int:
        return int(self.header["TARGETDURATION"])

    @property
    def part_target(self) -> float:
        return float(attributes(self.header["PART-INF"])["PART-TARGET"])


def attributes(text: str) -> dict[str, str]:
    """An attribute list (section 4.2)."""
    return {name: value.strip('"') for name, value in re.findall(r'([A-Z0-9-]+)=("[^"]*"|[^,]*)', text)}


def read(text: str) -> Read:
    """Read a playlist; an unknown tag is an error."""
    lines = text.splitlines()
    assert lines[0] == "#EXTM3U"
    assert text.endswith("\n")
    header: dict[str, str] = {}
    result = Read(header, [], "", "", 0, False)
    item: Item | None = None
    for line in lines[1:]:
        name, _, value = line.removeprefix("#EXT-X-").partition(":")
        msn = int(header.get("MEDIA-SEQUENCE", 0)) + result.skipped + len(result.items)
        if name in (
            "VERSION",
            "TARGETDURATION",
            "SERVER-CONTROL",
            "PART-INF",
            "MEDIA-SEQUENCE",
            "DISCONTINUITY-SEQUENCE",
        ):
            assert name not in header, f"{name} twice"
            assert not result.items, f"{name} after a segment"
            header[name] = value
        elif name == "INDEPENDENT-SEGMENTS":
            header[name] = ""
        elif name == "SKIP":
            result.skipped = int(attributes(value)["SKIPPED-SEGMENTS"])
        elif name in ("MAP", "PRELOAD-HINT", "RENDITION-REPORT"):
            _point(result, name, attributes(value))
        elif name == "ENDLIST":
            result.ended = True
        else:
            item = item or Item(msn)
            _take(item, name, value, line)
            if item.uri:
                assert result.map or result.skipped, "a segment before any EXT-X-MAP"
                result.items.append(item)
                item = None
    if item is not None:
        result.items.append(item)
    return result


def _point(result: Read, name: str, found: dict[str, str]) -> None:
    """A tag that names another file."""
    if name == "MAP":
        result.map = found["URI"]
    elif name == "PRELOAD-HINT":
        assert not result.hint, "two hints"
        assert found["TYPE"] == "PART"
        result.hint = found["URI"]
    else:
        result.reports[found["URI"]] = int(found["LAST-MSN"]), int(found["LAST-PART"])


def _take(item: Item, name: str, value: str, line: str) -> None:
    if name == "PART":
        found = attributes(value)
        item.parts.append((float(found["DURATION"]), found["URI"], found.get("INDEPENDENT") == "YES"))
    elif name == "PROGRAM-DATE-TIME":
        item.date = datetime.fromisoformat(value)
    elif name == "DISCONTINUITY":
        item.discontinuity = True
    elif name == "GAP":
        item.gap = True
    elif line.startswith("#EXTINF:"):
        item.duration = float(line.removeprefix("#EXTINF:").split(",")[0])
    else:
        assert not line.startswith("#"), f"unknown: {line}"
        item.uri = line


def check(text: str) -> Read:
    """All rules for one playlist."""
    playlist = read(text)
    control = attributes(playlist.header["SERVER-CONTROL"])
    assert int(playlist.header["VERSION"]) >= 9
    assert control["CAN-BLOCK-RELOAD"] == "YES"
    assert float(control["PART-HOLD-BACK"]) >= 3 * playlist.part_target - SLACK
    assert float(control["HOLD-BACK"]) >= 3 * playlist.target
    assert float(control["CAN-SKIP-UNTIL"]) >= 6 * playlist.target
    assert bool(playlist.hint) != playlist.ended, "a hint at the live edge, and only there"
    for number, item in enumerate(playlist.items):
        last = number == len(playlist.items) - 1
        _check_item(playlist, item, closed=bool(item.uri), last=last)
    _check_dates(playlist.items)
    if not playlist.ended:
        with_parts = [item for item in playlist.items if item.parts]
        newest = (with_parts[-1].msn, len(with_parts[-1].parts) - 1) if with_parts else None
        assert set(playlist.reports.values()) <= {newest}, "all renditions are cut at the same moments"
    distance = 0.0
    for item in reversed(playlist.items):
        distance += item.duration or sum(length for length, _, _ in item.parts)
        if item.parts:
            assert distance <= 3 * playlist.target + 0.01, "a part too far from the edge"
    return playlist


def _check_item(playlist: Read, item: Item, closed: bool, last: bool) -> None:
    assert closed or last, "only the last segment may be growing"
    assert item.date is not None
    if closed:
        assert int(item.duration + 0.5) <= playlist.target, f"{item.uri} lasts {item.duration}"
        if item.parts:
            assert abs(sum(length for length, _, _ in item.parts) - item.duration) < 0.001
    if item.parts:
        assert item.parts[0][2], "a segment's first part is independent"
    for number, (length, uri, _) in enumerate(item.parts):
        assert length <= playlist.part_target + SLACK, f"{uri} lasts {length}"
        if number < len(item.parts) - 1:
            assert length >= 0.85 * playlist.part_target, f"{uri} lasts only {length}"


def _check_dates(items: list[Item]) -> None:
    for earlier, later in pairwise(items):
        assert earlier.date is not None
        assert later.date is not None
        if not later.discontinuity:
            assert abs((later.date - earlier.date).total_seconds() - earlier.duration) < 0.005


def check_row(texts: list[str]) -> list[Read]:
    """All rules for playlists of one rendition, oldest first: nothing published may change."""
    row = [check(text) for text in texts]
    named: dict[int, str] = {}
    parts: dict[tuple[int, int], str] = {}
    for earlier, later in pairwise(row):
        for name in ("TARGETDURATION", "VERSION", "PART-INF", "SERVER-CONTROL"):
            assert earlier.header[name] == later.header[name], f"{name} changed"
        for name in ("MEDIA-SEQUENCE", "DISCONTINUITY-SEQUENCE"):
            assert int(earlier.header.get(name, 0)) <= int(later.header.get(name, 0)), f"{name} went back"
        fresh = {uri for item in later.items for _, uri, _ in item.parts}
        known = {uri for item in earlier.items for _, uri, _ in item.parts}
        assert not fresh - known or earlier.hint in fresh, "the promised part did not come"
    for playlist in row:
        for item in playlist.items:
            if item.uri:
                assert named.setdefault(item.msn, item.uri) == item.uri, "a segment changed its name"
            for number, (_, uri, _) in enumerate(item.parts):
                assert parts.setdefault((item.msn, number), uri) == uri, "a part changed its name"
    return row
