"""How many may be in, on their way in, and from one place."""

from dataclasses import dataclass, field

import pytest

from media.control.command import Refused
from media.relay.door import HALF_OPEN, HALF_OPEN_NEIGHBOURS, Door, place

CAPACITY = 400


@dataclass
class People:
    """A crowd that is as large as it is told."""

    viewers: int = 0
    coming: int = 0
    asked: dict[str, int] = field(default_factory=dict)
    here: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return self.viewers

    def coming_from(self, near: str) -> int:
        return self.asked.get(near, 0)

    def here_from(self, near: str) -> int:
        return self.here.get(near, 0)


def refusal(door: Door, near: str = "") -> str:
    """The code with which the next is refused, if at all."""
    try:
        with door.entering(near):
            return ""
    except Refused as refused:
        return refused.code


def test_places_are_bounded() -> None:
    assert refusal(Door(CAPACITY, People(viewers=CAPACITY - 1))) == ""
    assert refusal(Door(CAPACITY, People(viewers=CAPACITY))) == "full"


def test_sessions_on_their_way_are_bounded_in_all() -> None:
    assert refusal(Door(CAPACITY, People(coming=HALF_OPEN - 1))) == ""
    assert refusal(Door(CAPACITY, People(coming=HALF_OPEN))) == "full"


def test_sessions_on_their_way_are_bounded_for_one_neighbourhood() -> None:
    people = People(asked={"192.0.2.0/24": HALF_OPEN_NEIGHBOURS - 1})
    door = Door(CAPACITY, people)
    assert refusal(door, "192.0.2.0/24") == ""
    people.asked["192.0.2.0/24"] += 1
    assert refusal(door, "192.0.2.0/24") == "too_many"
    assert refusal(door, "198.51.100.0/24") == ""
    assert refusal(door, "") == "", "who is not known is not counted"


def test_one_neighbourhood_never_has_all_places() -> None:
    people = People(viewers=5, here={"192.0.2.0/24": 5})
    door = Door(8, people)
    assert refusal(door, "192.0.2.0/24") == ""
    people.here["192.0.2.0/24"] = people.viewers = 6
    assert refusal(door, "192.0.2.0/24") == "too_many"
    assert refusal(door, "198.51.100.0/24") == ""
    assert refusal(Door(1, People()), "192.0.2.0/24") == ""


def test_places_are_held_while_sessions_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("media.relay.door.HALF_OPEN_NEIGHBOURS", 2)
    door = Door(3, People())
    with door.entering("a"), door.entering("a"):
        assert refusal(door, "a") == "too_many"
        with door.entering("b"):
            assert refusal(door, "c") == "full"
    assert refusal(door, "a") == ""
    with pytest.raises(ZeroDivisionError), door.entering("a"):
        raise ZeroDivisionError
    assert not door._opening


@pytest.mark.parametrize(
    ("host", "near"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:0:1ff::7", "2001:db8:0:100::/56"),
        ("fe80::1%eth0", "fe80::/56"),
        ("", ""),
        ("unknown", ""),
    ],
)
def test_neighbourhoods(host: str, near: str) -> None:
    assert place(host) == near
