"""Rule sets as files, and the commands that give them to committees."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from hub import rules as rule_files
from hub.database import Database, sqlite_file
from hub.domain.rules import YORK, Contribution, RulesContradict, RuleSet, parse
from hub.domain.services.rules import committee_rules
from hub.migrations import configuration, migration_engine, upgrade
from tests.hub.conftest import furnish

ROOT = Path(__file__).parents[2]


@dataclass
class Council:
    """A data directory with one committee, and the commands as an officer gives them."""

    folder: Path

    async def run(self, *words: str) -> tuple[int, str]:
        """``moothall rules …``: how it ended, and what it said."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", "from hub.entry import main; main()", "rules", *words),
            env=os.environ | {"MOOTHALL_DATA_DIR": str(self.folder)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        return process.returncode or 0, said.decode()


@pytest.fixture
async def council(tmp_path: Path) -> Council:
    url = sqlite_file(tmp_path / "moothall.sqlite3")
    await upgrade(url)
    async with Database(url) as database:
        await furnish(database)
    return Council(tmp_path)


async def test_a_file_is_given_to_a_committee(council: Council) -> None:
    own = council.folder / "ours.toml"
    own.write_text(rule_files.text("barnet_planning").replace("London Borough of Barnet", "Ouseby"))
    code, said = await council.run("set", "Planning Committee A", str(own))
    assert (code, said) == (0, "Planning Committee A has the rules of Ouseby, planning committees now.\n")
    code, said = await council.run("show", "--committee", "7")
    assert code == 0
    assert parse(json.loads(said)) == rule_files.read(own)
    again = council.folder / "again.json"
    again.write_text(said)
    assert (await council.run("set", "7", str(again)))[0] == 0, "what was shown can be given back"
    assert "Committee Planning Committee A has the rules of: Ouseby" in (await council.run("list"))[1]


async def test_a_bad_file_changes_nothing_and_says_why(council: Council) -> None:
    bad = council.folder / "bad.toml"
    bad.write_text('name = "Ouseby"\nshared_slot = true\nspeekers = 3\n[contributions]\n')
    code, said = await council.run("set", "Planning Committee A", str(bad))
    assert (code, said) == (1, "speekers: Extra inputs are not permitted\nNothing was changed.\n")
    assert "the rules of: City of York Council" in (await council.run("list"))[1]


async def test_an_unknown_committee_is_told_with_those_there_are(council: Council) -> None:
    code, said = await council.run("set", "Licensing", "york")
    assert (code, "There are: Planning Committee A (7)." in said) == (1, True)


async def test_a_scheme_is_shown_as_it_is_written_and_an_unknown_one_with_all_names(
    council: Council,
) -> None:
    assert (await council.run("show", "wiltshire"))[1].startswith("# Wiltshire Council")
    code, said = await council.run("show", "atlantis")
    assert (code, "york" in said) == (1, True)
    assert (await council.run("show"))[0] == 1


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("bad.toml", b'name = "Ouseby"\nshared_slot = true\n[contributions]\n', "there are no sides"),
        ("bad.toml", b"name = ", "is neither TOML nor JSON"),
        ("bad.toml", b"\xff\xfe\x00", "is neither TOML nor JSON"),
        ("bad.json", b"[" * 50_000, "is neither TOML nor JSON"),
        ("bad.json", b"[]", "has to be a table"),
        ("large.toml", b"#" * 300_000, "is too large"),
        ("missing.toml", None, "cannot be read: No such file"),
        ("", None, "cannot be read: Is a directory"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(
    tmp_path: Path, name: str, content: bytes | None, sentence: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(RulesContradict) as caught:
        rule_files.read(tmp_path / name)
    assert sentence in caught.value.message


def test_every_word_of_a_rule_set_is_documented() -> None:
    page = (ROOT / "docs/rules.md").read_text()
    words = {*RuleSet.model_fields, *Contribution.model_fields}
    assert {word for word in words if f"| `{word}` |" not in page} == set()


async def test_a_committee_with_other_numbers_keeps_them_when_it_gets_rules(tmp_path: Path) -> None:
    url = sqlite_file(tmp_path / "old.db")
    engine = migration_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(lambda sync: command.upgrade(configuration(sync), "0002"))
        for number, (seconds, most) in enumerate([(300, 4), (180, 10)], start=1):
            await connection.execute(
                text(
                    "INSERT INTO committee (modgov_id, name, base_url, speaker_seconds, speakers_at_most) "
                    "VALUES (:number, :name, '', :seconds, :most)"
                ),
                {"number": number, "name": f"Committee {number}", "seconds": seconds, "most": most},
            )
    await engine.dispose()
    await upgrade(url)
    async with Database(url) as database:
        desk = (await furnish(database)).desk
        kept = await committee_rules(desk, "1")
        assert (kept.seconds, kept.places.meeting) == (300, 4)
        assert await committee_rules(desk, "2") == YORK


def test_faults_are_an_error_with_a_stable_code() -> None:
    assert RulesContradict.code == "invalid"
