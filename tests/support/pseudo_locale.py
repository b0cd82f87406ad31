"""A language that nobody speaks: every text is longer, accented, and in brackets that show its two ends.

It stands where Welsh stands, so that the ways to a translation are all used. As a program it is ``moothall``
in that language: ``python -m tests.support.pseudo_locale FOLDER ARGUMENTS…``.
"""

import json
import re
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from babel.messages.pofile import read_po, write_po

from hub import entry
from web import language

TAG = "cy"
FRONT = Path(language.__file__).parent / "front/src"
_ACCENTED = str.maketrans("acdeghijklnorstuwyzACDEGHIJKLNORSTUWYZ", "áçďéĝĥíĵķĺñóŕšťúŵýžÁÇĎÉĜĤÍĴĶĹÑÓŔŠŤÚŴÝŽ")
_LITERAL = r'"((?:[^"\\]|\\.)*)"'
_HOLE = re.compile(r"(%\(\w+\)s|%%?\{\w+\}|\{\w+\})")
_INNERMOST = re.compile(r"⟦[^⟦⟧]*⟧")
_NO_WORDS = re.compile(r"<[^>]*>|https?://\S+")
"""Code for another site, and addresses."""
_WORD = re.compile(r"[A-Za-z]{2,}")


def spoken(text: str) -> str:
    """``text`` as a part of a sentence: of letters longer by half, and what is filled in as it was."""
    parts = _HOLE.split(text)
    return "".join(part if number % 2 else _longer(part) for number, part in enumerate(parts))


def _longer(text: str) -> str:
    return re.sub(r"[aeiouAEIOU]", r"\g<0>\g<0>", text).translate(_ACCENTED)


def whole(text: str) -> str:
    """A text of the catalogue."""
    return f"⟦{spoken(text)}⟧"


def left_in_english(text: str, names: Iterable[str]) -> str:
    """What of a text on a page stands outside the brackets and is no name; empty when nothing does."""
    text, before = _NO_WORDS.sub(" ", text), ""
    while before != text:
        before, text = text, _INNERMOST.sub(" ", text)
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    return text.strip() if _WORD.search(text) else ""


def write_catalogue(folder: Path) -> Path:
    """Make it of the texts of pages and scripts. The folder is in place of ``web/translations``."""
    with (language.TRANSLATIONS / TAG / "LC_MESSAGES/messages.po").open("rb") as source:
        catalogue = read_po(source, locale=TAG)
    for text in _texts_of_scripts():
        if text not in catalogue:
            catalogue.add(text)
    for message in catalogue:
        if isinstance(message.id, str):
            message.string = whole(message.id) if message.id else message.string
        else:
            message.string = tuple(whole(message.id[-1]) for _ in range(catalogue.num_plurals))
    shutil.copytree(language.TRANSLATIONS / language.SOURCE, folder / language.SOURCE)
    place = folder / TAG / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "messages.po").open("wb") as target:
        write_po(target, catalogue)
    return folder


def _texts_of_scripts() -> set[str]:
    """Also the officers', which are offered in English alone."""
    sources = "".join(path.read_text() for path in FRONT.rglob("*.ts*"))
    return {json.loads(f'"{text}"') for text in re.findall(rf"\bt\(\s*{_LITERAL}", sources)}


def main() -> None:
    """Put the catalogue in its place and go on as ``moothall``."""
    language.TRANSLATIONS = Path(sys.argv.pop(1))
    entry.main()


if __name__ == "__main__":
    main()
