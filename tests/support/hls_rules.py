"""What RFC 8216bis asks of low-latency playlists, checked on their text: one, a row, those of one moment.

A playlist that breaks a rule raises ``Broken`` with the rule's name.
"""

from collections.abc import Container
from itertools import pairwise

from tests.support.hls_playlist import ONCE, Item, Read, attributes, need, read

SLACK = 0.0005


def check(text: str) -> Read:
    """All rules for one playlist."""
    playlist = read(text)
    _check_head(playlist)
    for item in playlist.items:
        _check_item(playlist, item)
    _check_maps(playlist)
    _check_dates(playlist.items)
    _check_edge(playlist)
    _check_names(playlist)
    return playlist


def _check_head(playlist: Read) -> None:
    control = {name: value for name, value in playlist.control.items() if name != "CAN-BLOCK-RELOAD"}
    seconds = {name: float(value) for name, value in control.items()}
    need(int(playlist.header.get("VERSION", 0)) >= 9, "version")
    need("INDEPENDENT-SEGMENTS" in playlist.header, "independent-segments")
    need(playlist.control.get("CAN-BLOCK-RELOAD") == "YES", "can-block-reload")
    need(seconds.get("PART-HOLD-BACK", 0) >= 3 * playlist.part_target - SLACK, "part-hold-back")
    need(seconds.get("HOLD-BACK", 0) >= 3 * playlist.target, "hold-back")
    need(seconds.get("CAN-SKIP-UNTIL", 0) >= 6 * playlist.target, "can-skip-until")


def _check_item(playlist: Read, item: Item) -> None:
    if item.uri:
        rounded = int(item.duration + 0.5)
        fits = item.duration > 0 and rounded <= playlist.target
        need(fits, "target-duration", f"{item.uri} lasts {item.duration}.")
    if item.uri and item.parts:
        whole = sum(length for length, _, _ in item.parts)
        need(abs(whole - item.duration) < 0.001, "part-sum", f"{item.uri}: {whole}, not {item.duration}.")
        need(item.gap == bool(item.missing), "gap", item.uri)
    if item.parts:
        need(item.parts[0][2], "part-independent", f"That of {item.msn} does not.")
    for number, (length, uri, _) in enumerate(item.parts):
        need(length <= playlist.part_target + SLACK, "part-target", f"{uri} lasts {length}.")
        if number < len(item.parts) - 1:
            need(length >= 0.85 * playlist.part_target, "part-length", f"{uri} lasts {length}.")


def _uris(item: Item) -> list[str]:
    return [uri for _, uri, _ in item.parts]


def _check_maps(playlist: Read) -> None:
    text = any(uri.endswith(".vtt") for item in playlist.items for uri in (item.uri, *_uris(item)))
    known = bool(playlist.skipped) or text
    for item in playlist.items:
        lost = all(uri in item.missing for _, uri, _ in item.parts) and (item.gap or not item.uri)
        known = bool(item.map) or text or (known and (not item.discontinuity or lost))
        need(not (text and item.map), "map", "Text has none.")
        need(known or lost, "map", f"Segment {item.msn} has none.")


def _check_dates(items: list[Item]) -> None:
    for item in items:
        need(item.date, "dates", f"Segment {item.msn} has none.")
    for earlier, later in pairwise(items):
        if not later.discontinuity and earlier.date and later.date:
            passed = (later.date - earlier.date).total_seconds()
            need(abs(passed - earlier.duration) < 0.005, "dates", f"{passed} s to segment {later.msn}.")


def _check_edge(playlist: Read) -> None:
    need(not playlist.ended or not (playlist.hint or playlist.reports), "end")
    need(playlist.ended or playlist.hint, "hint", "There is none.")
    listed = {uri for item in playlist.items for _, uri, _ in item.parts}
    need(playlist.hint not in listed, "hint", "It is there already.")
    if playlist.items and playlist.items[-1].parts:
        need(set(playlist.reports.values()) <= {playlist.edge}, "reports", f"{playlist.reports}")
    distance = 0.0
    for item in reversed(playlist.items):
        distance += item.duration or sum(length for length, _, _ in item.parts)
        need(not item.parts or distance <= 3 * playlist.target + 0.01, "part-age", f"Segment {item.msn}.")
    if playlist.skipped:
        need(distance >= float(playlist.control["CAN-SKIP-UNTIL"]), "skip", f"{distance} s are left.")


def _check_names(playlist: Read) -> None:
    seen: set[str] = set()
    for item in playlist.items:
        for uri in (*_uris(item), *((item.uri,) if item.uri else ())):
            need(uri not in seen, "unique", uri)
            seen.add(uri)


def check_row(texts: list[str]) -> list[Read]:
    """All rules for playlists of one rendition, oldest first: nothing published may change."""
    row = [check(text) for text in texts]
    for earlier, later in pairwise(row):
        for name in ("TARGETDURATION", "VERSION", "PART-INF", "SERVER-CONTROL"):
            need(earlier.header[name] == later.header[name], "constant", name)
        need(earlier.first_msn <= later.first_msn, "sequence", f"{earlier.first_msn}, {later.first_msn}.")
        if earlier.items and later.items:
            need(_newest(earlier) <= _newest(later), "edge", f"{_newest(earlier)}, {_newest(later)}.")
        _check_promise(earlier, later)
        if later.first_msn > earlier.first_msn:
            left = sum(item.duration for item in later.items)
            need(later.skipped or left >= 3 * later.target, "removal", f"{left} s are left.")
    _check_history(row)
    return row


def _newest(playlist: Read) -> tuple[int, int]:
    item = playlist.items[-1]
    return (item.msn + 1, -1) if item.uri else playlist.edge


def _check_promise(earlier: Read, later: Read) -> None:
    fresh = {uri for item in later.items for _, uri, _ in item.parts}
    known = {uri for item in earlier.items for _, uri, _ in item.parts}
    need(not fresh - known or earlier.hint in fresh, "promise", earlier.hint)


def _check_history(row: list[Read]) -> None:
    names: dict[int, str] = {}
    facts: dict[str, object] = {}
    discontinuities: dict[int, int] = {}
    for playlist in row:
        sequence = int(playlist.header.get("DISCONTINUITY-SEQUENCE", 0))
        for item in playlist.items:
            sequence += item.discontinuity
            if not playlist.skipped:
                known = discontinuities.setdefault(item.msn, sequence)
                need(known == sequence, "discontinuity-sequence", f"{item.msn}: {known}, {sequence}.")
            if item.uri:
                known_name = names.setdefault(item.msn, item.uri)
                need(known_name == item.uri, "sequence", f"{item.msn}: {known_name}, {item.uri}.")
                fact = (item.duration, item.date)
                need(facts.setdefault(item.uri, fact) == fact, "names", item.uri)
            for number, (length, uri, _) in enumerate(item.parts):
                part = (item.msn, number, length)
                need(facts.setdefault(uri, part) == part, "names", uri)
                place = f"{item.msn}/{number}"
                need(facts.setdefault(place, uri) == uri, "names", f"{place}: {uri}")


def check_delta(whole: str, delta: str) -> Read:
    """A delta update of the very moment at which ``whole`` was the playlist."""
    all_of_it, rest = check(whole), check(delta)
    need(rest.skipped and rest.first_msn == all_of_it.first_msn, "delta", "Nothing is skipped.")
    kept = all_of_it.items[rest.skipped :]
    for item in kept[:1]:
        item.map = rest.items[0].map if rest.items else ""
    need(kept == rest.items, "delta", f"{len(kept)} segments, {len(rest.items)}.")
    need(rest.hint == all_of_it.hint and rest.reports == all_of_it.reports, "delta", "Its end is another.")
    return rest


def check_renditions(texts: dict[str, str]) -> dict[str, Read]:
    """All renditions of one moment, by their URIs."""
    playlists = {uri: check(text) for uri, text in texts.items()}
    first = next(iter(playlists.values()))
    for uri, playlist in playlists.items():
        need(playlist.ended or set(playlist.reports) == {*texts} - {uri}, "siblings", f"{uri} misses one.")
        same = [(one.msn, one.duration, one.date, one.discontinuity) for one in playlist.items]
        need(
            same == [(one.msn, one.duration, one.date, one.discontinuity) for one in first.items], "siblings"
        )
    return playlists


def check_multivariant(text: str) -> dict[str, dict[str, str]]:
    """All rules for a multivariant playlist; the attributes of each variant by its URI."""
    lines = text.splitlines()
    need(lines and lines[0] == "#EXTM3U", "first-line")
    groups: dict[tuple[str, str], list[dict[str, str]]] = {}
    variants: dict[str, dict[str, str]] = {}
    for line, following in pairwise([*lines[1:], ""]):
        name, _, value = line.removeprefix("#EXT-X-").partition(":")
        found = attributes(value)
        if name == "MEDIA":
            groups.setdefault((found["TYPE"], found["GROUP-ID"]), []).append(found)
        elif name == "STREAM-INF":
            need(following and not following.startswith("#"), "variants", "One has no URI.")
            variants[following] = found
        else:
            need(not line.startswith("#") or name in ONCE, "known-tags", line)
    for members in groups.values():
        said = [one["NAME"] for one in members]
        need(len(set(said)) == len(said), "groups", f"{said}")
        need(sum(one.get("DEFAULT") == "YES" for one in members) <= 1, "groups", "Two are the default.")
    for uri, found in variants.items():
        _check_variant(uri, found, groups.keys())
    return variants


def _check_variant(uri: str, found: dict[str, str], groups: Container[tuple[str, str]]) -> None:
    need(found.get("BANDWIDTH", "").isdigit() and found.get("CODECS"), "variants", uri)
    if "avc1" in found["CODECS"]:
        need("RESOLUTION" in found and "FRAME-RATE" in found, "variants", uri)
    for kind in ("AUDIO", "SUBTITLES"):
        named = found.get(kind)
        need(named is None or (kind, named) in groups, "groups", f"{uri} names {named}.")
