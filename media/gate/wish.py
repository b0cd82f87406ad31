"""A cut asked for by a file, for when nothing else answers: beside the journal, on disk before it is told.

Anybody on the machine who may write there can leave one: the hub when the studio does not answer, and
``moothall cut``. A running studio looks once a tick, in the thread that makes the pictures, so that not even
a stuck event loop stands in the way. A starting studio looks before its first picture. A wish can only close.
"""

import os
from pathlib import Path

import structlog
from pydantic import ValidationError

from media.control.command import Message
from media.control.studio import GateState, SlateText
from media.gate.journal import sync_directory

log = structlog.get_logger(__name__)

EMERGENCY = SlateText(
    title="The broadcast has stopped for technical reasons", lines=["We are working on it."]
)


class Wish(Message):
    """What somebody wants the public to see. Anything that cannot be read is the emergency cut."""

    state: GateState = GateState.TECHNICAL
    slate: SlateText = EMERGENCY
    reason: str = "Emergency cut"
    by: str = ""
    even_if_closed: bool = False
    """Also when the gate is closed already: for a move to another closed state, not for an emergency."""


class Wishes:
    """The place beside one journal. Methods block on the disk; ``take`` finds nothing quickly."""

    def __init__(self, journal: Path) -> None:
        self._path = journal.with_name(journal.name + ".cut")
        self._taken = journal.with_name(journal.name + ".cut-taken")

    def put(self, wish: Wish) -> None:
        """Leave a wish, fsynced; it replaces one that nobody took yet. Raises ``OSError``, ``ValueError``."""
        if wish.state is GateState.OPEN:
            raise ValueError("Nobody opens the gate by a file.")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        with fresh.open("w") as file:
            file.write(wish.model_dump_json())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        sync_directory(self._path.parent)

    def take(self) -> Wish | None:
        """The wish that lies here. It stays on disk until ``done``, so that a crash now does not lose it."""
        try:
            os.stat(self._path)  # noqa: PTH116  25 times a second: the quickest way to find nothing
        except FileNotFoundError:
            return None
        except OSError as error:
            log.error("gate_wish_not_seen", error=str(error))
            return None
        wish = self._read(self._path)
        try:
            self._path.replace(self._taken)
        except OSError as error:
            log.error("gate_wish_not_taken", error=str(error))
        return wish

    def left_over(self) -> Wish | None:
        """For the start: a wish that was never taken, or taken and not yet in the journal."""
        return self.take() or (self._read(self._taken) if self._taken.exists() else None)

    def done(self) -> None:
        """The journal has it. Raises ``OSError``."""
        self._taken.unlink(missing_ok=True)

    @property
    def waiting(self) -> bool:
        """Whether somebody wants the gate closed and the gate has not heard of it."""
        return self._path.exists()

    @staticmethod
    def _read(path: Path) -> Wish:
        try:
            wish = Wish.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            log.error("gate_wish_not_read", error=str(error))
            return Wish()
        return wish if wish.state is not GateState.OPEN else Wish()
