"""The order of business as a list of items: what officers make of it, and what an import leaves of that."""

from collections.abc import Mapping, Sequence


def moved(order: Sequence[int], item: int, before: int | None) -> list[int]:
    """The order with ``item`` ahead of ``before``, or at the end. Raises ``ValueError`` for no such place."""
    rest = [one for one in order if one != item]
    at = len(rest) if before is None else rest.index(before)
    return [*rest[:at], item, *rest[at:]]


def follower(order: Sequence[int], item: int) -> int | None:
    """Which one comes after it; None after the last."""
    return next(iter(order[order.index(item) + 1 :]), None)


def merged(own: Sequence[int], published: Sequence[int]) -> list[int]:
    """The officers' order of what there is, with new items behind those that they were published behind."""
    order = list(own)
    for at, item in enumerate(published):
        if item not in order:
            order.insert(order.index(published[at - 1]) + 1 if at else 0, item)
    return order


def speakers_moved(
    ranked: Sequence[tuple[int, int | None]], item: int, places: Mapping[int, int]
) -> list[int]:
    """Who is called in which order once ``item`` has moved: its speakers go with it, nobody else does.

    ``ranked`` are speakers with their items, as officers put them; ``places`` are of the items.
    """
    with_it = [speaker for speaker, of in ranked if of == item]
    others = [(speaker, of) for speaker, of in ranked if of != item]
    later = (at for at, (_, of) in enumerate(others) if of is not None and places.get(of, 0) > places[item])
    at = next(later, len(others))
    return [*(one for one, _ in others[:at]), *with_it, *(one for one, _ in others[at:])]
