"""``moothall import modgov`` as typed: what goes wrong is said in a sentence, and changes nothing."""

from pathlib import Path

from tests.support.demo import Moothall, command
from tests.support.modgov_server import ModGovServer, Trouble

DATES = ("--from", "01/01/2026", "--to", "28/02/2026")


async def _refused(directory: Path, base_url: str) -> str:
    """Run the import, which must fail; what it wrote on standard error."""
    arguments = ("import", "modgov", "--base-url", base_url, "--committee", "144", *DATES)
    environment = {"MOOTHALL_DATA_DIR": str(directory / "data")}
    async with Moothall(directory / "import.log", *arguments, environment=environment) as running:
        code, out = await running.finish()
        assert code == 1
        assert out == ""
        said = running.tail()
    assert "Traceback" not in said
    assert said.endswith("Nothing was changed.")
    return said


async def _import(directory: Path, base_url: str) -> str:
    arguments = ("import", "modgov", "--base-url", base_url, "--committee", "144", *DATES)
    return await command(directory, *arguments, environment={"MOOTHALL_DATA_DIR": str(directory / "data")})


async def test_an_unreachable_modgov_is_named(tmp_path: Path) -> None:
    assert "http://127.0.0.1:9/" in await _refused(tmp_path, "http://127.0.0.1:9/democracy")


async def test_a_truncated_answer_is_named_and_the_next_import_still_works(tmp_path: Path) -> None:
    async with ModGovServer() as modgov:
        modgov.trouble, modgov.troubled_operation = Trouble.TRUNCATED, "getmeeting"
        assert "GetMeeting" in await _refused(tmp_path, modgov.base_url)
        modgov.trouble = Trouble.NONE
        report = await _import(tmp_path, modgov.base_url)
        assert report.count("added") == 2, "the refused import left nothing behind"
