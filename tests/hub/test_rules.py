"""Rule sets as files, and the commands that give them to committees."""

import json
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text
from typer.testing import CliRunner

from hub import rules as rule_files
from hub.cli import app
from hub.database import Database, sqlite_file
from hub.domain.rules import YORK, Contribution, RulesContradict, RuleSet, parse
from hub.domain.services.rules import committee_rules
from hub.migrations import configuration, migration_engine, upgrade
from tests.hub.conftest import furnish

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def council(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory with one committee, for commands to find."""
    await upgrade(sqlite_file(tmp_path / "moothall.sqlite3"))
    async with Database(sqlite_file(tmp_path / "moothall.sqlite3")) as database:
        await furnish(database)
    monkeypatch.setenv("MOOTHALL_DATA_DIR", str(tmp_path))
    return tmp_path


def run(*words: str) -> tuple[int, str]:
    """In this process, on its own event loop."""
    done = CliRunner().invoke(app, ["rules", *words])
    return done.exit_code, done.output


def test_a_file_is_given_to_a_committee(council: Path) -> None:
    own = council / "ours.toml"
    own.write_text(rule_files.text("barnet_planning").replace("London Borough of Barnet", "Ouseby"))
    code, said = run("set", "Planning Committee A", str(own))
    assert (code, said) == (0, "Planning Committee A has the rules of Ouseby, planning committees now.\n")
    code, said = run("show", "--committee", "7")
    assert code == 0
    assert parse(json.loads(said)) == rule_files.read(own)
    again = council / "again.json"
    again.write_text(said)
    assert run("set", "7", str(again))[0] == 0, "what was shown can be given back"
    assert "Committee Planning Committee A has the rules of: Ouseby" in run("list")[1]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("bad.toml", 'name = "Ouseby"\nshared_slot = true\n[contributions]\n', "there are no sides"),
        ("bad.toml", 'name = "Ouseby"\nspeekers = 3\n[contributions]\n', "speekers: Extra inputs"),
        ("bad.toml", "name = ", "is neither TOML nor JSON"),
        ("bad.json", "[" * 50_000, "is neither TOML nor JSON"),
        ("bad.json", "[]", "has to be a table"),
        ("large.toml", "#" * 300_000, "is too large"),
        ("missing.toml", None, "cannot be read: No such file"),
    ],
)
def test_a_bad_file_changes_nothing_and_says_why(
    council: Path, name: str, content: str | None, sentence: str
) -> None:
    if content is not None:
        (council / name).write_text(content)
    code, said = run("set", "Planning Committee A", str(council / name))
    assert code == 1
    assert sentence in said
    assert said.endswith("Nothing was changed.\n")
    assert "the rules of: City of York Council" in run("list")[1]


def test_a_file_that_is_not_text(council: Path) -> None:
    (council / "bad.toml").write_bytes(b"\xff\xfe\x00")
    assert run("set", "7", str(council / "bad.toml"))[0] == 1


def test_an_unknown_committee_is_told_with_those_there_are(council: Path) -> None:
    code, said = run("set", "Licensing", "york")
    assert (code, "There are: Planning Committee A (7)." in said) == (1, True)


def test_a_scheme_is_shown_with_its_comments_and_an_unknown_one_with_all_names(council: Path) -> None:
    assert run("show", "wiltshire")[1].startswith("# Wiltshire Council")
    code, said = run("show", "atlantis")
    assert (code, "york" in said) == (1, True)
    assert run("show")[0] == 1


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
