"""A finding of the proof ends pytest with a code of its own, so that nobody tries it until it is green."""

from collections.abc import Generator

import pytest

from tests.gate.judge import FOUND, Leak

_LEAKED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember that something private was found."""
    if call.excinfo is not None and call.excinfo.errisinstance(Leak):
        item.session.stash[_LEAKED] = True
    return (yield)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Say so."""
    if session.stash.get(_LEAKED, False):
        session.exitstatus = FOUND
