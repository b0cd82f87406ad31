"""A form as it was sent: what was typed, and what is wrong with it, field by field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from aiohttp import web

from hub.domain.errors import DomainError, Invalid
from web.language import gettext as _
from web.language import said

VALUE_LIMIT = 20_000
"""Characters of one field that are kept, so that a mistaken paste can be corrected but a page stays small."""


@dataclass(slots=True)
class Form:
    """Values and errors by field name; the errors of no field under the name ``""``."""

    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """What was typed, or nothing."""
        return self.values.get(name, "")

    def blame(self, error: DomainError, default_field: str) -> None:
        """Show a refusal beside the field it names, and whatever else is wrong beside its own."""
        for one in error.each:
            known = one.field if one.field in self.values else default_field
            self.errors.setdefault(known or default_field, said(one.message))

    def number(self, name: str) -> int | None:
        """A whole number, or None when the field is empty. Raises ``Invalid``."""
        text = self.value(name).strip()
        if not text:
            return None
        if not text.isdecimal() or len(text) > 9:
            raise Invalid("Choose one from the list.", field=name)
        return int(text)

    @property
    def summary(self) -> list[dict[str, str]]:
        """The list for the GOV.UK error summary, from top to bottom: each sentence leads to its field."""
        places = {name: place for place, name in enumerate(self.values)}
        ordered = sorted(self.errors.items(), key=lambda one: places.get(one[0], -1))
        return [{"text": sentence, "href": f"#{name}"} for name, sentence in ordered]

    def error(self, name: str) -> Mapping[str, str] | None:
        """The error message parameter of the GOV.UK macros."""
        if name not in self.errors:
            return None
        return {"text": self.errors[name], "visuallyHiddenText": _("Error")}


async def read_form(request: web.Request, names: Iterable[str]) -> Form:
    """The posted values of ``names``, with line ends of one kind. Files are ignored."""
    posted = await request.post()
    values = {}
    for name in names:
        value = posted.get(name, "")
        values[name] = value.replace("\r\n", "\n")[:VALUE_LIMIT] if isinstance(value, str) else ""
    return Form(values)
