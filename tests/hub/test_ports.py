"""What the commands say when another program has the port."""

import socket
from pathlib import Path

import pytest

from tests.support.demo import Moothall


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
