"""How somebody can be reached, as they type it."""

import re

from hub.domain.errors import Invalid
from hub.domain.text import optional

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_DIGITS_OF_A_NUMBER = 7


def phone_number(text: str) -> str:
    """A telephone number as somebody writes it, or nothing. Raises ``Invalid``."""
    phone = optional(text, "phone", "your telephone number", at_most=40)
    if phone and sum(character.isdigit() for character in phone) < _DIGITS_OF_A_NUMBER:
        raise Invalid("Enter a telephone number such as 01904 551 550.", field="phone")
    return phone
