"""Copies of the program with the gate broken on purpose, one way each: what the search must find."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, ignore_patterns

from tests.gate.encoder import PROTOCOLS, Protocol

ROOT = Path(__file__).parents[2]
PACKAGES = ("hub", "media", "recordings", "signalling", "web")
Change = tuple[str, str, str]
"""A file, and what in it is replaced by what."""
GATE = '__import__("media.gate.gate", fromlist=["_SEAL"])'
SEAL = f"{GATE}._SEAL"


@dataclass(frozen=True, slots=True)
class Sabotage:
    """Text that is replaced in files of ``media``, and the rounds in which it must show."""

    name: str
    changes: tuple[Change, ...]
    script: tuple[str, ...]
    delay: int = 0
    encoder: Protocol | None = None
    """How the chamber comes, where it is not by WHIP."""

    @property
    def kills(self) -> bool:
        """Whether its studio is killed in the course of it."""
        return any("kill" in act for act in self.script)


def _in_media(changes: Sequence[Change]) -> list[Change]:
    return [(f"media/{name}", before, after) for name, before, after in changes]


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
_PUNCTUAL = ("studio/ticker.py", "LATE = 1.5", "LATE = 0.3")
"""No fault: a picture that is made late has a time stamp from before the cut, and hides one."""
_SOUND_PASSES = (
    "gate/gate.py",
    "return PublicSound(self.pass_return(tick, samples), _SEAL)",
    "return PublicSound(samples, _SEAL)",
)
_FORGETS = (
    "gate/gate.py",
    "gate = cls(journal, replay(entries), clock, draw)",
    "gate = cls(journal, replace(replay(entries), state=GateState.OPEN), clock, draw)",
)
_KEEPS = ("gate/gate.py", "return Tick(moment, opened)", "return Tick(moment, False)")
_NO_WISH = ("gate/wish.py", "            os.stat(self._path)", '            os.stat(str(self._path) + "x")')
_NO_DROP = ("gate/gate.py", "drops=before.drops + drop", "drops=before.drops")
_RETURNS = (
    "gate/gate.py",
    "        return samples if self.is_open_for(tick) else np.zeros_like(samples)",
    "        return samples",
)
_INTERPRETED_PASSES = (
    "studio/production.py",
    "self._gate.pass_sound(tick, mix.interpreted)",
    f"PublicSound(mix.interpreted, {SEAL})",
)
_SHARE_PASSES = (
    "studio/production.py",
    "            return self._gate.pass_picture(tick, None)\n        now",
    "            shown = self._desk.find('presentation')\n"
    "            now = self._clock.monotonic()\n"
    "            if shown is None or shown.latest_picture(now) is None:\n"
    "                return self._gate.pass_picture(tick, None)\n"
    "            sight = take(self._desk, now, self._director.scene(now))\n"
    "            picture = self._vision.compose(self._director.scene(now), sight.pictures, sight.labels)\n"
    f"            return PublicPicture(picture, {SEAL})\n        now",
)
_PAGE_STAYS = (
    "studio/commands.py",
    "if command.state is GateState.OPEN and self._studio.gate.now.secret:",
    "if command.state is GateState.OPEN and self._studio.gate.now.state is GateState.PRIVATE:",
)
_COMPOSES_ALWAYS = (
    "studio/production.py",
    "        if not tick.moment.open:\n            return self._gate.pass_picture(tick, None)\n        now",
    "        now",
)
_KEEPS_COMPOSED = (
    "gate/gate.py",
    "        if frame is not None and self.is_open_for(tick):",
    "        PublicGate.composed = frame\n        if frame is not None and self.is_open_for(tick):",
)
_SMALL_PASSES = (
    "studio/encoders.py",
    "self._small.encode(media.picture, index)",
    f"self._small.encode(PublicPicture({GATE}.PublicGate.composed or media.picture.frame, {SEAL}), index)",
)
_STILL_PASSES = (
    "studio/commands.py",
    "        if before.open and picture is not None:",
    "        picture = self._staff_picture('programme')\n        if picture is not None:",
)
_EVERYBODY_IS_IN = (
    "studio/private_room.py",
    "{name: here[name] for name in names})",
    "dict(here))",
)
_PICTURE_PASSES = (
    "gate/gate.py",
    "        if frame is not None and self.is_open_for(tick):",
    "        if frame is not None:",
)
_REASON_IS_SHOWN = (
    "hub/domain/commands/gate.py",
    "        slate = slates.private(seen.item if seen else None, args.paragraphs, back)\n",
    "        slate = slates.private(seen.item if seen else None, args.paragraphs, back)\n"
    "        slate = type(slate)(slate.title, (*slate.lines, args.reason), slate.kind, slate.until)\n",
)
_LINES_ARE_TAKEN = (
    "gate/words.py",
    "    if not moment.open:\n        raise NOT_PUBLIC\n    if open_for",
    "    if open_for",
)
_LINES_PASS = (
    "gate/gate.py",
    "passes = self.is_open_for(tick) and words.change == tick.moment.change",
    "passes = True",
)
_LATE_LINES_PASS = (
    "gate/words.py",
    "        raise TOO_SOON\n",
    "        pass\n",
)
_NOBODY_DOUBTS = (
    "sources/desk.py",
    "        return self._opened_at >= came",
    "        return False and self._opened_at >= came",
)
NO_GATE = (
    *_in_media((_COMPOSES_ALWAYS, _PICTURE_PASSES, _SOUND_PASSES, _STILL_PASSES)),
    *_in_media((_LINES_ARE_TAKEN, _LATE_LINES_PASS, _LINES_PASS)),
    _REASON_IS_SHOWN,
)
"""Nothing is kept from anybody: for a whole house, in which every search must find something by itself."""
_CUT = ("open", "stay", "private", "rewind", "open", "stay", "emergency", "rewind", "open", "stay", "suspend")
"""Moves of the gate after a first closing. It stays closed for a little while: then something shows."""

SABOTAGES = (
    Sabotage(
        "a cut takes effect one frame late",
        (_LATE, _PASSES_WHAT_BEGAN_OPEN, _PUNCTUAL),
        ("stay", "private", *_CUT * 8),
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
    Sabotage(
        "interpreted sound passes a closed gate",
        (_INTERPRETED_PASSES,),
        ("interpreter", "stay", "private", "stay", *_CUT),
    ),
    Sabotage(
        "a presentation passes a closed gate",
        (_SHARE_PASSES,),
        ("screen share", "stay", "private", "stay", *_CUT),
    ),
    Sabotage(
        "a page put up in private stays up",
        (_PAGE_STAYS,),
        ("stay", "private", "page", "stay", "technical again", "open", "stay"),
    ),
    Sabotage(
        "the small rendition is made before the gate",
        (_COMPOSES_ALWAYS, _KEEPS_COMPOSED, _SMALL_PASSES),
        ("stay", "private", "stay", *_CUT),
    ),
    Sabotage(
        "a captioner is heard behind a closed gate",
        (_LINES_ARE_TAKEN, _LATE_LINES_PASS, _LINES_PASS),
        ("stay", "private", "line", "stay", "line", "stay"),
    ),
    Sabotage(
        "a captioner who is behind is heard after the opening",
        (_LATE_LINES_PASS,),
        ("stay", "private", "stay", "open", "line", "stay", "line", "stay"),
    ),
    *(
        Sabotage(
            f"what an encoder sent by {protocol} before the opening is heard by the next studio",
            (_NOBODY_DOUBTS,),
            ("stay", *("private", "stay", "open and kill studio", "stay") * 3),
            encoder=protocol,
        )
        for protocol in PROTOCOLS
    ),
    Sabotage("stills are made before the gate", (_STILL_PASSES,), ("stay", "private", "stay", *_CUT)),
    Sabotage(
        "who is admitted opens the session to everybody",
        (_EVERYBODY_IS_IN,),
        ("private", "admit", "stay", "stay"),
    ),
)


def broken_copy(sabotage: Sabotage, folder: Path) -> Path:
    """The engine with one fault, in a new folder; the repository is left as it is."""
    return _copy(("media",), _in_media(sabotage.changes), folder)


def broken_house(changes: Sequence[Change], folder: Path) -> Path:
    """The whole program with faults, likewise."""
    return _copy(PACKAGES, changes, folder)


def _copy(packages: Sequence[str], changes: Sequence[Change], folder: Path) -> Path:
    for package in packages:
        copytree(ROOT / package, folder / package, ignore=ignore_patterns("__pycache__", "node_modules"))
    for name, before, after in changes:
        path = folder / name
        text = path.read_text()
        assert text.count(before) == 1, f"{name} no longer says {before!r}"
        path.write_text(text.replace(before, after))
    return folder
