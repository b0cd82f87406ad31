"""What a moderator's eye is drawn to in a question. Flags decide nothing and delete nothing."""

import re
import unicodedata
from collections.abc import Iterable

DEFAULT_WORDS = (
    "arse",
    "bastard",
    "bitch",
    "bollocks",
    "cunt",
    "dickhead",
    "fuck*",
    "idiot*",
    "liar*",
    "moron*",
    "nazi*",
    "scum",
    "shit*",
    "twat",
    "wanker*",
)
"""Until the council writes its own list. A star stands for any ending."""
WORDS_AT_MOST = 500
WORD_CHARACTERS = 40
_LOOKS_LIKE = str.maketrans("013457@$!", "oieastasi")
"""What people write for letters to get past a list."""
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[a-z]{2,}", re.IGNORECASE)
_TELEPHONE = re.compile(r"(?:\+44|\b0)(?:[\s()-]*\d){9,10}\b")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b", re.IGNORECASE)
PERSONAL = {"e-mail address": _EMAIL, "telephone number": _TELEPHONE, "postcode": _POSTCODE}


def flags(text: str, words: Iterable[str]) -> list[str]:
    """The words of the list that are in the text, and what may be somebody's personal details."""
    found = [name for name, pattern in PERSONAL.items() if pattern.search(text)]
    plain = _plain(text)
    return found + [word for word in words if _pattern(word).search(plain)]


def word_list(text: str) -> list[str]:
    """The words of a list as it was typed: one a line, each once, in order."""
    words = (" ".join(line.split()).lower() for line in text.split("\n"))
    return list(dict.fromkeys(word for word in words if word.strip("* ")))


def _pattern(word: str) -> re.Pattern[str]:
    begins = word.endswith("*")
    known = re.escape(_plain(word.rstrip("*")))
    return re.compile(rf"\b{known}" if begins else rf"\b{known}\b")


def _plain(text: str) -> str:
    """Small letters without accents, figures read as the letters they stand for, none three times."""
    letters = unicodedata.normalize("NFKD", text.casefold()).translate(_LOOKS_LIKE)
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"(\w)\1{2,}", r"\1", bare)
