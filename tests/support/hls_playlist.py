"""Low-latency playlists, read without mercy, and the names of the rules that RFC 8216bis has for them."""

import re
from dataclasses import dataclass, field
from datetime import datetime

ONCE = (
    "VERSION",
    "TARGETDURATION",
    "SERVER-CONTROL",
    "PART-INF",
    "MEDIA-SEQUENCE",
    "DISCONTINUITY-SEQUENCE",
    "INDEPENDENT-SEGMENTS",
)

RULES = {
    "first-line": "A playlist begins with #EXTM3U (4.4.1.1).",
    "known-tags": "Every line is a tag that we use, or a URI.",
    "once": "Tags of the whole playlist stand once, before the first segment.",
    "version": "Skipping needs version 9 or more (section 8).",
    "target-duration": "No segment rounds to more than the target duration (4.4.3.1).",
    "independent-segments": "Every segment can be decoded by itself (4.4.2.1).",
    "can-block-reload": "Blocking reload is offered (4.4.3.8).",
    "part-hold-back": "PART-HOLD-BACK is at least three part targets (4.4.3.8).",
    "hold-back": "HOLD-BACK is at least three target durations (4.4.3.8).",
    "can-skip-until": "CAN-SKIP-UNTIL is at least six target durations (4.4.3.8).",
    "part-target": "Parts need EXT-X-PART-INF, and none is longer than it says (4.4.3.7).",
    "part-length": "All parts but a segment's last have at least 85 % of the part target (4.4.4.9).",
    "part-sum": "The parts of a segment add up to it (4.4.4.9).",
    "part-independent": "A segment begins with an independent part.",
    "part-age": "Parts are not listed farther than three target durations from the edge (4.4.4.9).",
    "hint": "One hint, of the part after the last, as long as there is a live edge (4.4.5.3).",
    "map": "There is an EXT-X-MAP before the first segment and after each discontinuity (4.4.4.5).",
    "dates": "Every segment has its date, and dates go on by durations except at a discontinuity (4.4.4.6).",
    "growing": "Only the last segment may be without its URI.",
    "gap": "A gap's parts are gaps, and a segment with parts that are gaps is one (4.4.4.7).",
    "reports": "Each report gives the newest part (4.4.5.4).",
    "unique": "No name stands for two things.",
    "end": "Nothing stands behind EXT-X-ENDLIST, and no hint or report beside it.",
    "skip": "A delta update keeps what is within CAN-SKIP-UNTIL of the edge (4.4.5.2).",
    "constant": "What describes the playlist never changes (6.2.1).",
    "sequence": "MEDIA-SEQUENCE does not go back and segments keep their numbers (6.2.2).",
    "discontinuity-sequence": "A segment keeps its discontinuity sequence number (6.2.2).",
    "names": "Segments and parts keep their names, durations and dates (6.2.1).",
    "edge": "The newest part never goes back.",
    "promise": "The part that was hinted at comes (4.4.5.3).",
    "removal": "Three target durations stay in the playlist when segments leave it (6.2.2).",
    "delta": "A delta update and what the player has are the whole playlist (6.2.5.1).",
    "siblings": "Every rendition reports on all others, and all have the same segments (6.2.4).",
    "variants": "A variant has BANDWIDTH and CODECS, and with pictures RESOLUTION and FRAME-RATE (4.4.6.2).",
    "groups": "A group that a variant names exists, with names used once and one default (4.4.6.1).",
}


SERVER_RULES = {
    "type": "Playlists and media say what they are (RFC 8216 section 4, RFC 8216bis section 6.2.1).",
    "packed": "Playlists are compressed for who can read that (6.2.1).",
    "cross-origin": "Players of other sites may read everything.",
    "reload-held": "A playlist is not given before it has the part that was asked for (6.2.5.2).",
    "reload-whole": "… or, without a part, the segment (6.2.5.2).",
    "reload-fresh": "… and has it when it is given (6.2.5.2).",
    "hint-held": "A part that was hinted at is not given before it is there (4.4.5.3).",
    "hint-whole": "… and is the part that the playlist lists then.",
    "delta-asked": "A delta update is given to who asks for it and nobody else (6.2.5.1).",
    "far": "What is too far ahead is refused, and so is a part of no segment (6.2.5.2).",
    "joined": "A segment is its parts, one behind the other.",
    "independent": "The parts that begin with a key picture say that they are independent (4.4.4.9).",
    "kept-media": "Parts and segments never change, and may be kept.",
    "kept-playlists": "A playlist that was not waited for is kept for half a target duration at most.",
    "kept-refusals": "No refusal is kept.",
}


class Broken(AssertionError):  # noqa: N818  it is the playlist that is
    """A rule was broken."""

    def __init__(self, rule: str, how: str) -> None:
        super().__init__(f"{rule}: {(RULES | SERVER_RULES)[rule]} {how}")
        self.rule = rule


def need(kept: object, rule: str, how: str = "") -> None:
    """Raise ``Broken`` unless ``kept``."""
    if not kept:
        raise Broken(rule, how)


@dataclass
class Item:
    """A segment, complete or (without ``uri``) growing. ``parts``: duration, URI, whether independent."""

    msn: int
    parts: list[tuple[float, str, bool]] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)
    """URIs of parts that are gaps."""
    duration: float = 0.0
    uri: str = ""
    date: datetime | None = None
    discontinuity: bool = False
    gap: bool = False
    map: str = ""


@dataclass
class Read:
    """A media playlist, read without mercy."""

    header: dict[str, str] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    map: str = ""
    """The last one."""
    hint: str = ""
    skipped: int = 0
    ended: bool = False
    reports: dict[str, tuple[int, int]] = field(default_factory=dict)
    """(msn, part) of the newest part of each other rendition, by its playlist."""

    @property
    def target(self) -> int:
        need(self.header.get("TARGETDURATION", "").isdigit(), "target-duration", "There is none.")
        return int(self.header["TARGETDURATION"])

    @property
    def part_target(self) -> float:
        need("PART-INF" in self.header, "part-target", "There is none.")
        return float(attributes(self.header["PART-INF"])["PART-TARGET"])

    @property
    def control(self) -> dict[str, str]:
        return attributes(self.header.get("SERVER-CONTROL", ""))

    @property
    def first_msn(self) -> int:
        return int(self.header.get("MEDIA-SEQUENCE", 0))

    @property
    def edge(self) -> tuple[int, int]:
        """(msn, part) of the newest part or, without parts, of the newest segment."""
        newest = self.items[-1]
        return newest.msn, len(newest.parts) - 1


def attributes(text: str) -> dict[str, str]:
    """An attribute list (section 4.2)."""
    return {name: value.strip('"') for name, value in re.findall(r'([A-Z0-9-]+)=("[^"]*"|[^,]*)', text)}


def read(text: str) -> Read:
    """Read a playlist; an unknown tag is an error."""
    lines = text.splitlines()
    need(lines and lines[0] == "#EXTM3U" and text.endswith("\n"), "first-line")
    result = Read()
    item: Item | None = None
    for line in lines[1:]:
        need(not result.ended, "end", f"{line} stands there.")
        name, _, value = line.removeprefix("#EXT-X-").partition(":")
        if name in ONCE:
            need(name not in result.header, "once", f"{name} stands twice.")
            need(not result.items and item is None, "once", f"{name} stands behind a segment.")
            result.header[name] = value
        elif name in ("SKIP", "PRELOAD-HINT", "RENDITION-REPORT", "ENDLIST"):
            _point(result, name, attributes(value))
        else:
            item = item or Item(result.first_msn + result.skipped + len(result.items))
            _take(result, item, name, value, line)
            if item.uri:
                result.items.append(item)
                item = None
    if item is not None:
        result.items.append(item)
    return result


def _point(result: Read, name: str, found: dict[str, str]) -> None:
    """A tag that belongs to no segment."""
    if name == "SKIP":
        need(not result.items, "skip", "It stands behind a segment.")
        result.skipped = int(found["SKIPPED-SEGMENTS"])
    elif name == "PRELOAD-HINT":
        need(not result.hint, "hint", "There are two.")
        need(found["TYPE"] == "PART", "hint", "It is of another type.")
        result.hint = found["URI"]
    elif name == "RENDITION-REPORT":
        result.reports[found["URI"]] = int(found["LAST-MSN"]), int(found["LAST-PART"])
    else:
        result.ended = True


def _take(result: Read, item: Item, name: str, value: str, line: str) -> None:
    if name == "PART":
        found = attributes(value)
        item.parts.append((float(found["DURATION"]), found["URI"], found.get("INDEPENDENT") == "YES"))
        if found.get("GAP") == "YES":
            item.missing.add(found["URI"])
    elif name == "MAP":
        item.map = result.map = attributes(value)["URI"]
    elif name == "PROGRAM-DATE-TIME":
        item.date = datetime.fromisoformat(value)
    elif name == "DISCONTINUITY":
        item.discontinuity = True
    elif name == "GAP":
        item.gap = True
    elif line.startswith("#EXTINF:"):
        need(not item.duration, "growing", f"Segment {item.msn} is.")
        item.duration = float(line.removeprefix("#EXTINF:").split(",")[0])
    else:
        need(not line.startswith("#"), "known-tags", line)
        item.uri = line
