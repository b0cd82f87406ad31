"""The table, and the line of JSON."""

import argparse
import json
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from statistics import linear_regression, median

from bench.fanout.measure import Window

COMPARED = 100
TARGETS = {"ratio_janus_default": 0.25, "ratio_janus_one_loop": 0.35}
RESIDENT_KB = 200.0
FLAT = 1.1
"""A viewer of the largest crowd may cost so many times what one of the smallest does. Less is welcome: what a
tick takes before anybody is served is shared by all."""

Rounds = Sequence[Sequence[Window]]


def report(results: Mapping[str, Rounds], options: argparse.Namespace) -> bool:
    """Print both. True when the targets that were measured are met."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, loopback")
    print(
        f"{'server':16}{'viewers':>8}{'µs/packet':>11}{'spread':>14}{'µs/viewer/s':>13}{'packets':>10}{'lost':>6}"
    )
    out: dict[str, object] = {"bench": "fanout", "coalesce": options.coalesce}
    for name, rounds in results.items():
        out[name] = {str(windows[0].viewers): _row(name, windows) for windows in zip(*rounds, strict=True)}
    ratios = _ratios(results)
    out.update(ratios)
    flatness = {name: round(_flatness(rounds), 2) for name, rounds in results.items()}
    out["flatness"] = flatness
    memory = {name: round(_resident(rounds), 1) for name, rounds in results.items()}
    out["resident_kb_per_viewer"] = memory
    for name, ratio in ratios.items():
        print(f"{name}: {ratio}")
    for name, rounds in results.items():
        before, each = _line(rounds)
        print(
            f"{name}: a viewer of the largest crowd costs {flatness[name]} of one of the smallest; "
            f"{before:.0f} ms a second before anybody is served, then {each:.0f} µs a viewer and second"
        )
    print("resident kB for each viewer: " + ", ".join(f"{name} {size}" for name, size in memory.items()))
    good = all(ratios.get(name, 0.0) <= target for name, target in TARGETS.items())
    good &= memory.get("moothall", 0.0) <= RESIDENT_KB and flatness.get("moothall", 0.0) <= FLAT
    out["within_target"] = good
    for name, rounds in results.items():
        found = [remark for windows in rounds for window in windows for remark in window.remarks]
        lost = sum(window.missing for windows in rounds for window in windows)
        for fault in [*found, *([f"{lost} packets did not arrive"] if lost else [])]:
            good = good and name != "moothall"
            print(f"{'FAILED: ' if name == 'moothall' else ''}{name}: {fault}")
    print(json.dumps(out))
    return good


def _row(name: str, windows: Sequence[Window]) -> dict[str, float]:
    packet = [window.packet_us for window in windows]
    viewer = median(window.viewer_us for window in windows)
    spread = f"{min(packet):.2f}-{max(packet):.2f}"
    packets, lost = windows[0].packets, sum(window.missing for window in windows)
    print(
        f"{name:16}{windows[0].viewers:8}{median(packet):11.2f}{spread:>14}{viewer:13.0f}{packets:10}{lost:6}"
    )
    return {
        "packet_us": round(median(packet), 3),
        "viewer_us_per_second": round(viewer, 1),
        "packets": packets,
        "lost": lost,
    }


def _ratios(results: Mapping[str, Rounds]) -> dict[str, float]:
    """Ours to theirs: by packet, which is the worse for us since our sound takes fewer, and by viewer."""
    ours = results.get("moothall")
    found: dict[str, float] = {}
    if ours is None:
        return found
    for name, theirs in results.items():
        if name == "moothall":
            continue
        for suffix, cost in (("", _of_packet), ("_per_viewer", _of_viewer)):
            one, other = (_median(rounds, cost) for rounds in (ours, theirs))
            if one and other:
                found[f"ratio_{name}{suffix}"] = round(one / other, 3)
    return found


def _of_packet(window: Window) -> float:
    return window.packet_us


def _of_viewer(window: Window) -> float:
    return window.viewer_us


def _median(rounds: Rounds, cost: Callable[[Window], float]) -> float | None:
    found = [cost(window) for windows in rounds for window in windows if window.viewers == COMPARED]
    return median(found) if found else None


def _flatness(rounds: Rounds) -> float:
    """The cost of a viewer in the largest crowd, to that in the smallest."""
    return median(windows[-1].viewer_us / windows[0].viewer_us for windows in rounds)


def _line(rounds: Rounds) -> tuple[float, float]:
    """What is there without viewers (ms a second), and what each adds (µs): the line of best fit."""
    sizes = [window.viewers for windows in rounds for window in windows]
    costs = [window.cpu / window.seconds * 1e6 for windows in rounds for window in windows]
    if len(set(sizes)) < 2:
        return 0.0, costs[0] / sizes[0]
    each, before = linear_regression(sizes, costs)
    return before / 1000, each


def _resident(rounds: Rounds) -> float:
    """Kilobytes that each viewer beyond the smallest crowd added."""
    grown = [
        (windows[-1].resident - windows[0].resident) / (windows[-1].viewers - windows[0].viewers) / 1024
        for windows in rounds
        if windows[-1].viewers > windows[0].viewers
    ]
    return median(grown) if grown else 0.0
