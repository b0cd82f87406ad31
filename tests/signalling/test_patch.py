"""What the difference makes of one document is the other, whatever they are."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from signalling.patch import Json, difference
from tests.support.patch import patched

NAMES = st.sampled_from(["id", "state", "a/b", "a~b", "", "-", "0"])
LEAVES = (
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([0.0, 1.0, 1.5]) | st.text(max_size=3)
)
DOCUMENTS: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@given(DOCUMENTS, DOCUMENTS)
def test_the_difference_makes_one_of_the_other(before: Any, after: Any) -> None:
    patch = list(difference(before, after))
    made = patched(before, patch)
    assert repr(sorted_all(made)) == repr(sorted_all(after)), "types as well: true is not 1"
    assert (patch == []) == (repr(sorted_all(before)) == repr(sorted_all(after)))


def test_only_what_changed_is_said() -> None:
    agenda: list[Json] = [{"id": number, "state": "not_started"} for number in range(40)]
    before: Json = {"version": 7, "agenda": agenda, "index": [{"seconds": 1.0}]}
    after: Json = {
        "version": 8,
        "agenda": [*agenda[:3], {"id": 3, "state": "now"}, *agenda[4:]],
        "index": [{"seconds": 1.0}, {"seconds": 2.0}],
    }
    assert list(difference(before, after)) == [
        {"op": "replace", "path": "/version", "value": 8},
        {"op": "replace", "path": "/agenda/3/state", "value": "now"},
        {"op": "add", "path": "/index/-", "value": {"seconds": 2.0}},
    ]


def sorted_all(document: Any) -> Any:
    """Names of objects have no order."""
    if isinstance(document, dict):
        return {name: sorted_all(document[name]) for name in sorted(document)}
    return [sorted_all(one) for one in document] if isinstance(document, list) else document
