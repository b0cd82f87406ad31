"""Text from people: cleaned, counted, kept as text."""

import unicodedata

from hub.domain.errors import Invalid

_JOINERS = frozenset("\u200c\u200d") | frozenset(map(chr, range(0xE0020, 0xE0080)))
"""They belong inside words of some scripts and inside emoji (the flag of Wales); others only deceive."""


def is_plain(text: str) -> bool:
    """Whether every database takes it as it is: no control characters, no halves of characters."""
    return not any(unicodedata.category(character) in ("Cc", "Cs") for character in text)


def cleaned(text: str) -> str:
    """Composed (NFC), trimmed, without control and direction characters. HTML stays what it is: text."""
    kept = (_kept(character) for character in unicodedata.normalize("NFC", text))
    lines = ("".join(kept)).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def required(text: str, field: str, what: str, *, at_most: int) -> str:
    """Cleaned text of 1 to ``at_most`` characters. Raises ``Invalid`` in words for the form."""
    value = optional(text, field, what, at_most=at_most)
    if not value:
        raise Invalid(f"Enter {what}.", field=field)
    return value


def optional(text: str, field: str, what: str, *, at_most: int) -> str:
    """The same, and it may be empty."""
    value = cleaned(text)
    if len(value) > at_most:
        raise Invalid(
            f"Shorten {what} to {at_most} characters: it has {len(value)}, {len(value) - at_most} too many.",
            field=field,
        )
    return value


def _kept(character: str) -> str:
    if character == "\n" or character in _JOINERS:
        return character
    kind = unicodedata.category(character)
    if kind == "Cc" or kind in ("Zl", "Zp"):
        return " "
    return "" if kind in ("Cf", "Cs", "Co") else character
