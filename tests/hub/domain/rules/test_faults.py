"""Rule sets that nobody could keep."""

from datetime import time

import pytest

from hub.domain.rules import YORK, RulesContradict, parse
from hub.rules import names, scheme

SPEAK = {"speak": {"modes": ["in_person"]}}
CLOSES = {"days": 2, "at": time(17)}


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ({}, "name: Field required"),
        ({"speakers": 3}, "speakers: Extra inputs are not permitted"),
        ({"seconds": 5}, "seconds: "),
        ({"contributions": {"sing": {}}}, "contributions.sing"),
        ({"contributions": {"speak": {}}}, "needs modes"),
        ({"contributions": {"statement": {"modes": ["remote"]}}}, "has no modes"),
        ({"places": {"meeting": 3, "item": 4}}, "An item has 4 places and the whole meeting only 3."),
        ({"places": {"minutes": 2}}, "The 2 minutes for all are shorter than one slot of 180 seconds."),
        (
            {"places": {"item": 2}, "needs_item": True, "sides": [{"name": "for", "at_most": 3}]},
            "The side for has 3 places, and there are only 2.",
        ),
        ({"needs_item": True, "sides": [{"name": "for"}, {"name": "for"}]}, "A side is there twice."),
        ({"sides": [{"name": "for"}]}, "needs_item has to be true"),
        ({"places": {"item": 2, "balanced": True}}, "Balanced places need"),
        ({"shared_slot": True}, "there are no sides"),
        ({"order": "sides"}, "there are none"),
        ({"consents": []}, "no way"),
        ({"access_points": ["Library"]}, "access_points"),
        (
            {"contributions": {"speak": {"modes": ["remote"], "after": "statement"}}},
            "only a statement can be sent, and the rules have none",
        ),
        (
            {"contributions": {"speak": {"modes": ["remote"], "stages": [{"closes": CLOSES}] * 2}}},
            "not one after the other",
        ),
        (
            {
                "opens": {"days": 3, "count": "calendar", "at": time(9)},
                "contributions": {"speak": {"modes": ["remote"], "stages": [{"closes": CLOSES}]}},
            },
            "closes before it opens",
        ),
        (
            {
                "contributions": {
                    "speak": {
                        "modes": ["remote"],
                        "after": "statement",
                        "stages": [{"closes": {"days": 1, "at": time(17)}}],
                    },
                    "statement": {"stages": [{"closes": CLOSES}]},
                }
            },
            "Statements close no later",
        ),
        (
            {
                "contributions": {"speak": {"modes": ["remote"], "words_at_most": 9}},
                "consents": ["sound_only"],
            },
            "nothing of it is written",
        ),
    ],
)
def test_a_contradiction_is_told(rules: dict[str, object], sentence: str) -> None:
    base = {"name": "Ouseby", "contributions": SPEAK} if rules else {}
    with pytest.raises(RulesContradict) as caught:
        parse(base | rules)
    assert sentence in caught.value.message


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(RulesContradict) as caught:
        parse({"name": "Ouseby", "contributions": SPEAK, "shared_slot": True, "order": "sides"})
    assert len(caught.value.message.splitlines()) == 2


@pytest.mark.parametrize("name", names())
def test_rules_survive_being_stored(name: str) -> None:
    assert parse(scheme(name).model_dump(mode="json")) == scheme(name)


def test_nobody_takes_part_where_there_is_nothing_to_contribute() -> None:
    assert parse({"name": "Licensing", "contributions": {}}) != YORK
