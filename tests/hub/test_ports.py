"""What the commands say when another program, or another hub, has what they need: nothing was touched."""

import socket
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.support.demo import Links, Moothall


@pytest.mark.parametrize("command", ["serve", "demo"])
async def test_a_port_that_another_program_has_is_told(tmp_path: Path, command: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port, data = str(other.getsockname()[1]), str(tmp_path / "data")
        options = ("--port", port, "--data-dir", data) if command == "demo" else ()
        own = {"MOOTHALL_PORT": port, "MOOTHALL_HOST": "127.0.0.1", "MOOTHALL_DATA_DIR": data}
        program = Moothall(
            tmp_path / "it.log", command, *options, environment=own, outlived=command == "serve"
        )
        async with program as running:
            code, _ = await running.finish()
            said = running.log.read_text()
    assert code == 1
    assert f"Nothing can listen on port {port} of 127.0.0.1 (Address already in use)." in said
    assert "Traceback" not in said
    assert not Path(data).exists()


async def test_two_hubs_do_not_share_studios(tmp_path: Path) -> None:
    """The meeting of the first goes on."""
    data = str(tmp_path / "data")
    async with Moothall(tmp_path / "first.log", "demo", "--json", "--port", "0", "--data-dir", data) as first:
        links = Links.model_validate_json(await first.line())
        own = {"MOOTHALL_PORT": "0", "MOOTHALL_DATA_DIR": data, "MOOTHALL_RUN_DIR": str(first.sockets)}
        async with Moothall(tmp_path / "second.log", "serve", environment=own) as second:
            code, _ = await second.finish()
            said = second.log.read_text()
        async with ClientSession() as http, http.get(links.hls) as playlist:
            assert playlist.status == 200
    assert code == 1
    assert f"Another hub runs with the same studios ({first.sockets})." in said
    assert "Traceback" not in said
