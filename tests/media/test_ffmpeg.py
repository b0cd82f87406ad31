import io
import os
import subprocess

import av
import pytest

from media import ffmpeg


def test_the_bundled_ffmpeg_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ffmpeg.SETTING, raising=False)
    assert "imageio_ffmpeg" in ffmpeg.executable()
    assert os.access(ffmpeg.executable(), os.X_OK)


def test_the_environment_names_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ffmpeg.SETTING, "/opt/ffmpeg")
    assert ffmpeg.executable() == "/opt/ffmpeg"
    assert ffmpeg.flv_to_nut()[0] == "/opt/ffmpeg"
    assert ffmpeg.srt_to_nut(9)[0] == "/opt/ffmpeg"


def test_the_bundled_ffmpeg_speaks_srt() -> None:
    protocols = subprocess.run(
        [ffmpeg.executable(), "-hide_banner", "-protocols"], capture_output=True, check=True, text=True
    )
    assert "srt" in protocols.stdout.split()


def test_children_may_read_nothing_but_their_input() -> None:
    for command, protocol in ((ffmpeg.flv_to_nut(), "pipe"), (ffmpeg.srt_to_nut(9), "srt")):
        assert command[command.index("-protocol_whitelist") + 1] == protocol


def test_flv_becomes_nut_without_being_encoded_again() -> None:
    made = subprocess.run(
        [
            *(ffmpeg.executable(), "-v", "error", "-f", "lavfi", "-i", "testsrc=s=64x48:d=0.4"),
            *("-c:v", "libx264", "-f", "flv", "pipe:1"),
        ],
        capture_output=True,
        check=True,
    ).stdout
    copied = subprocess.run(ffmpeg.flv_to_nut(), input=made, capture_output=True, check=True)
    assert copied.stderr == b""
    assert copied.stdout.startswith(b"nut/multimedia container\0")
    assert pieces(copied.stdout) == pieces(made) != []


def pieces(container: bytes) -> list[bytes]:
    with av.open(io.BytesIO(container), mode="r") as opened:
        return [bytes(packet) for packet in opened.demux() if packet.size]
