"""The key of personal links: made once, private, and never half."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hub.link_key import NAME, link_key


def test_it_is_made_once_and_for_the_hub_alone(tmp_path: Path) -> None:
    token = link_key(tmp_path).token("nonce")
    assert link_key(tmp_path).token("nonce") == token
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_of_many_who_make_it_at_once_one_counts(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        tokens = {key.token("nonce") for key in threads.map(link_key, [tmp_path] * 8)}
    assert len(tokens) == 1


def test_tokens_tell_nothing_of_each_other(tmp_path: Path) -> None:
    key = link_key(tmp_path)
    tokens = {key.token(str(number)) for number in range(100)}
    assert len(tokens) == 100
    assert {len(token) for token in tokens} == {32}


def test_another_houses_key_makes_other_links(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert link_key(tmp_path / "a").token("nonce") != link_key(tmp_path / "b").token("nonce")


def test_a_file_that_is_no_key_is_told(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"short")
    with pytest.raises(ValueError, match="not the key of personal links"):
        link_key(tmp_path)
