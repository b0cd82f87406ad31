"""A meeting of twelve items of business, one of them restricted, from an agenda system."""

import re

from tests.support.modgov_server import MEETING, ModGovServer

CHAIR = "Councillor Nia Prosser"
TITLES = (
    "Apologies for absence",
    "Declarations of interest",
    "Minutes of the last meeting",
    "Land at Mill Lane",
    "The Old Library",
    "Tree preservation order",
    "Appeals, quarterly report",
    "Parking in the old town",
    "Budget monitoring",
    "Work programme",
    "Lease of the depot (Exempt Category 3)",
    "Date of the next meeting",
)
PRIVATE = 11
"""Number of the restricted item."""
SPOKEN_TO = (4, 5)
"""Numbers of the items on which residents may speak."""


class LongModGov(ModGovServer):
    """Meeting 4967 with these items in place of its own."""

    def _meeting(self, meeting_id: int) -> str | None:
        text = super()._meeting(meeting_id)
        if text is None or meeting_id != MEETING:
            return text
        items = "".join(_item(number, title) for number, title in enumerate(TITLES, start=1))
        text = re.sub(
            r"<agendaitems>.*</agendaitems>", f"<agendaitems>{items}</agendaitems>", text, flags=re.S
        )
        chair = f'<attendee memberid="7" name="{CHAIR}" roledescription="Chair" attendance="Expected" />'
        return text.replace("<attendees>", f"<attendees>{chair}", 1)


def _item(number: int, title: str) -> str:
    values = {
        "agendaitemid": 500 + number,
        "agendaitemtitle": title,
        "agendaitemnumber": number,
        "fulldisplaynumberformat": f"{number}.",
        "ispubliccanspeak": number in SPOKEN_TO,
        "isrestricted": number == PRIVATE,
        "isdisplayallowed": True,
    }
    return f"<agendaitem>{''.join(f'<{tag}>{value}</{tag}>' for tag, value in values.items())}</agendaitem>"
