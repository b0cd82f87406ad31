"""The image and the compose file, as far as they can be tried without a container engine."""

import json
import re
import subprocess
import sys
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml
from typer.main import get_command

from hub.cli import app
from hub.settings import Settings
from media.memory import LARGE_PAGES

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())
EXAMPLE = dict(line.split("=", 1) for line in (ROOT / "deploy/example.env").read_text().splitlines() if line)

NEEDED_IN_THE_WHEEL = (
    "hub/cli.py",
    "hub/migrations/versions/",
    "media/programme/fonts/",
    "media/relay/",
    "web/static/dist/manifest.json",
    "web/templates/",
)


def last_stage() -> str:
    return DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]


def is_a_command(words: list[str]) -> bool:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    return words[0] == "moothall" and words[1] in commands


def test_the_compose_file_has_every_part() -> None:
    assert set(COMPOSE["services"]) == {"hub", "relay", "postgres", "redis", "coturn", "nginx"}


def test_our_containers_run_commands_that_exist() -> None:
    for service in ("hub", "relay"):
        assert is_a_command(COMPOSE["services"][service]["command"])
    assert is_a_command(json.loads(re.findall(r"^CMD (.*)$", last_stage(), re.MULTILINE)[-1]))


def test_every_setting_in_the_compose_file_is_one() -> None:
    known = {f"MOOTHALL_{name.upper()}" for name in Settings.model_fields}
    for service in ("hub", "relay"):
        assert set(COMPOSE["services"][service]["environment"]) <= known | set(LARGE_PAGES)
    assert set(re.findall(r"MOOTHALL_[A-Z_]+(?==)", last_stage())) <= known


def test_the_settings_of_the_compose_file_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in COMPOSE["services"]["hub"]["environment"].items():
        monkeypatch.setenv(name, re.sub(r"\$\{(\w+)[^}]*\}", lambda found: EXAMPLE[found[1]], value))
    settings = Settings()
    assert settings.database.startswith("postgresql+asyncpg://")
    assert settings.turn_urls == [
        f"turn:meetings.council.example:3478?transport={transport}" for transport in ("udp", "tcp")
    ]
    assert settings.turn_secret, "without it coturn lets nobody in"
    assert not settings.embedded_relay


def test_every_variable_that_compose_wants_is_in_the_example() -> None:
    wanted = set(re.findall(r"\$\{(\w+)", (ROOT / "deploy/compose.yaml").read_text()))
    assert wanted == set(EXAMPLE)


def test_files_that_are_mounted_exist() -> None:
    services = COMPOSE["services"].values()
    mounted = [volume.split(":")[0] for service in services for volume in service.get("volumes", [])]
    for path in mounted:
        if path.startswith("./") and path != "./tls":
            assert (ROOT / "deploy" / path).is_file()


def test_the_image_is_built_in_stages_and_runs_without_root() -> None:
    assert len(re.findall(r"^FROM ", DOCKERFILE, re.MULTILINE)) == 3
    assert re.search(r"^USER moothall$", last_stage(), re.MULTILINE)
    assert "COPY . ." not in last_stage()


class Healthy(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def health_check(port: int) -> int:
    words = json.loads(re.findall(r"HEALTHCHECK .*\\\n\s+CMD (.*)$", last_stage(), re.MULTILINE)[0])
    code = words[2].replace(":8080/", f":{port}/")
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode


def test_the_health_check_tells_well_from_ill() -> None:
    with HTTPServer(("127.0.0.1", 0), Healthy) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        assert health_check(server.server_port) == 0
        server.shutdown()
    assert health_check(1) != 0


def test_the_wheel_carries_everything_it_needs(tmp_path: Path) -> None:
    """The image's second stage, done here: what is installed has pages, assets and migrations."""
    uv = Path(sys.executable).with_name("uv")
    subprocess.run([uv, "build", "--quiet", "--wheel", "--out-dir", tmp_path, ROOT], check=True)
    names = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()
    for needed in NEEDED_IN_THE_WHEEL:
        assert any(name.startswith(needed) for name in names), needed
    assert not [name for name in names if "node_modules" in name or name.startswith(("tests/", "bench/"))]
