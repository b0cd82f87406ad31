"""Copies of the program with the gate broken on purpose, one way each: what the search must find."""

from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, ignore_patterns

from tests.gate.house import ROOT

PACKAGES = ("hub", "web", "signalling", "recordings")


@dataclass(frozen=True, slots=True)
class Sabotage:
    """Text that is replaced in files of ``media``, and the rounds in which it must show."""

    name: str
    changes: tuple[tuple[str, str, str], ...]
    script: tuple[str, ...]
    delay: int = 0


_LATE = (
    "gate/gate.py",
    "        moment = self._now\n        opened",
    "        moment, self._late = getattr(self, '_late', self._now), self._now\n        opened",
)
_PASSES_WHAT_BEGAN_OPEN = (
    "gate/gate.py",
    "return tick.moment.open and now.open and now.change == tick.moment.change",
    "return tick.moment.open",
)
_SOUND_PASSES = (
    "gate/gate.py",
    "return PublicSound(self.pass_return(tick, samples), _SEAL)",
    "return PublicSound(samples, _SEAL)",
)
_FORGETS = (
    "gate/gate.py",
    "gate = cls(journal, _replay(entries), clock, draw)",
    "gate = cls(journal, replace(_replay(entries), state=GateState.OPEN), clock, draw)",
)
_KEEPS = ("gate/gate.py", "return Tick(moment, opened)", "return Tick(moment, False)")
_NO_WISH = ("gate/wish.py", "            os.stat(self._path)", '            os.stat(str(self._path) + "x")')
_NO_DROP = ("gate/gate.py", "drops=before.drops + drop", "drops=before.drops")
_RETURNS = (
    "gate/gate.py",
    "        return samples if self.is_open_for(tick) else np.zeros_like(samples)",
    "        return samples",
)
_CUT = ("open", "stay", "private", "open", "stay", "emergency", "open", "stay")
"""Moves of the gate after a first closing."""

SABOTAGES = (
    Sabotage(
        "a cut takes effect one frame late",
        (_LATE, _PASSES_WHAT_BEGAN_OPEN),
        ("stay", "private", *_CUT, "suspend", *_CUT[:2], "technical", *_CUT[:2], "private"),
    ),
    Sabotage("silence is forgotten", (_SOUND_PASSES,), ("stay", "private", "stay", *_CUT)),
    Sabotage(
        "the journal is ignored at a restart",
        (_FORGETS,),
        ("private", "kill studio while closed", "stay", "stay", "stay"),
    ),
    Sabotage(
        "what was held while private is kept across the opening",
        (_KEEPS,),
        ("private", "stay", "open", "stay", "private", "stay", "open", "stay", "private"),
    ),
    Sabotage("a cut during a restart is lost", (_NO_WISH,), ("stay", "cut by file", "stay", "stay", "stay")),
    Sabotage(
        "the broadcast delay is not dropped",
        (_NO_DROP,),
        ("stay", "stay", "private", "stay", "stay"),
        delay=2,
    ),
    Sabotage("returns go on", (_RETURNS,), ("on air", "private", "stay", "stay")),
)


def broken_copy(sabotage: Sabotage, folder: Path) -> Path:
    """The program with one fault, in a new folder; the repository is left as it is."""
    folder.mkdir(parents=True)
    for package in PACKAGES:
        (folder / package).symlink_to(ROOT / package, target_is_directory=True)
    copytree(ROOT / "media", folder / "media", ignore=ignore_patterns("__pycache__"))
    for name, before, after in sabotage.changes:
        path = folder / "media" / name
        text = path.read_text()
        assert text.count(before) == 1, f"{sabotage.name}: {name} no longer says {before!r}"
        path.write_text(text.replace(before, after))
    return folder
