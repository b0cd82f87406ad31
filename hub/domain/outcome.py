"""What came of a vote of the members."""

from collections.abc import Mapping
from enum import StrEnum

from hub.domain.errors import Invalid


class Outcome(StrEnum):
    CARRIED = "carried"
    LOST = "lost"


class Said(StrEnum):
    """What one member said in a recorded vote."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


def agree(counts: Mapping[Said, int], names: Mapping[str, Said]) -> None:
    """Raise ``Invalid`` when the names of a recorded vote say something else than the figures."""
    if not names:
        return
    for said, words in ((Said.FOR, "for"), (Said.AGAINST, "against"), (Said.ABSTAIN, "abstaining")):
        named = sum(one is said for one in names.values())
        if named != counts[said]:
            raise Invalid(f"{counts[said]} are {words} by the figures, and {named} by name.", field="names")


def label(motion: str, outcome: Outcome, votes_for: int, votes_against: int, abstained: int) -> str:
    """In the index: "Vote: To approve. Carried, 5 for, 2 against, 1 abstained"."""
    aside = f", {abstained} abstained" if abstained else ""
    ending = "" if motion.endswith((".", "!", "?")) else "."
    return f"Vote: {motion}{ending} {outcome.capitalize()}, {votes_for} for, {votes_against} against{aside}"
