"""The meeting's zero of programme time, kept beside the journal: a restarted studio goes on from it."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import structlog

from media.clock import Clock
from media.gate.journal import sync_directory
from media.rhythm import DEFAULT, Rhythm

log = structlog.get_logger(__name__)

LEAD_MS = 900
"""The first tick of all is one group after the epoch, so that an encoder's lead-in has no negative time."""


@dataclass(frozen=True, slots=True)
class Start:
    """Where a ticker begins."""

    index: int
    wait: float
    """Seconds from now until tick ``index`` is due."""


def epoch_path(journal: Path) -> Path:
    """The epoch's file for a journal's."""
    return journal.with_name(journal.name + ".epoch")


def read_epoch(path: Path) -> int | None:
    """Unix milliseconds, or ``None`` before the first start and when the file cannot be read."""
    try:
        return int(json.loads(path.read_text())["epoch_ms"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.error("epoch_not_read", error=str(error))
        return None


def write_epoch(path: Path, clock: Clock) -> int:
    """Choose the epoch and fsync it. When that fails the meeting goes on; a later studio has a new zero."""
    epoch_ms = round(clock.wall() * 1000) - LEAD_MS
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(path.name + ".new")
        with temporary.open("w") as file:
            file.write(json.dumps({"epoch_ms": epoch_ms}))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_directory(path.parent)
    except OSError as error:
        log.error("epoch_not_written", error=str(error))
    return epoch_ms


def next_start(epoch_ms: int, wall: float, rhythm: Rhythm = DEFAULT) -> Start:
    """The next whole group after ``wall`` (Unix seconds): later than all that an earlier studio sent.

    A group lasts a second at every rhythm, so another rhythm may go on where one left off.
    """
    elapsed = max(0.0, wall - epoch_ms / 1000)
    group = max(1, int(elapsed) + 1)
    return Start(group * rhythm.pictures, group - (wall - epoch_ms / 1000))
