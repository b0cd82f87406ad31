"""The agenda of the story: a real answer of a real system, with two more items put in."""

import re
from dataclasses import dataclass

from tests.support.modgov_server import DATA, MEETING, ModGovServer

SECRET = "SECRET"
"""Begins everything in the answers that must never be seen in public."""
_ITEM = re.compile(r"<agendaitem>\s*<agendaitemid>(\d+)</agendaitemid>.*?</agendaitem>", re.DOTALL)


@dataclass(frozen=True)
class Item:
    """An agenda item as the public should see it."""

    modgov_id: int
    number: str
    title: str
    minutes: str = ""


MINUTES = Item(18831, "1.", "Minutes", minutes="25 November 2025 as a correct record.")
MILL_LANE = Item(103, "83a.", "Land at Mill Lane")
RESTRICTED = Item(106, "86.", "")
WORK_PROGRAMME = Item(18833, "9.", "Work Programme")


class StoryModGov(ModGovServer):
    """Meeting 4967 with two more items between its own."""

    def _meeting(self, meeting_id: int) -> str | None:
        text = super()._meeting(meeting_id)
        if text is None or meeting_id != MEETING:
            return text
        variants = (DATA / "meeting_variants.xml").read_text(encoding="utf-8")
        by_id = {int(found[1]): found[0] for found in _ITEM.finditer(variants)}
        first = f"{by_id[MILL_LANE.modgov_id]}{by_id[RESTRICTED.modgov_id]}"
        return text.replace("</agendaitem>", f"</agendaitem>{first}", 1)
