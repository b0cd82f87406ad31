"""Debian's ``simple-whip-client``, which is GStreamer's WebRTC: what it publishes is decoded and looked at.

It takes no loopback address, so it publishes from a network of its own.
"""

import asyncio
import os
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import ClientSession

from tests.support.demo import Demo, demo
from tests.support.judge import CHAMBER, Rgb
from tests.support.network import WHY_NOT, Elsewhere, another_network
from tests.support.outputs import public_shows

CLIENT, COMPILER = shutil.which("whip-client"), shutil.which("cc")
NO_CLIENT = "simple-whip-client is not installed (deploy/test-machine does it)"

pytestmark = [
    pytest.mark.publisher,
    pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT),
    pytest.mark.skipif(CLIENT is None, reason=NO_CLIENT),
    pytest.mark.skipif(COMPILER is None, reason="no C compiler for what Debian's package cannot do without"),
    pytest.mark.asyncio(loop_scope="module"),
]

SHOWN_SECONDS = 40.0
PICTURE = (
    "videotestsrc is-live=true pattern=solid-color foreground-color={colour}"
    " ! video/x-raw,width=640,height=360,framerate=25/1 ! videoconvert ! queue"
)
H264 = (
    f"{PICTURE} ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=25 bitrate=800"
    " ! video/x-h264,profile=constrained-baseline ! rtph264pay pt=96 config-interval=-1"
    " ! queue ! application/x-rtp,media=video,encoding-name=H264,payload=96"
)
VP8 = (
    f"{PICTURE} ! vp8enc deadline=1 cpu-used=8 keyframe-max-dist=25 ! rtpvp8pay pt=96"
    " ! queue ! application/x-rtp,media=video,encoding-name=VP8,payload=96"
)
OPUS = (
    "audiotestsrc is-live=true wave=sine freq={hz} volume=0.3 ! audioconvert ! audioresample ! queue"
    " ! opusenc ! rtpopuspay pt=100 ! queue ! application/x-rtp,media=audio,encoding-name=OPUS,payload=100"
)


NO_ROUTER = """
void *gupnp_simple_igd_thread_new(void) { return 0; }
unsigned long gupnp_simple_igd_get_type(void) { return 0; }
void gupnp_simple_igd_add_port(void) {}
void gupnp_simple_igd_remove_port_local(void) {}
"""
"""What libnice wants of the library that asks routers for a port by UPnP: there is no router."""


def environment(folder: Path) -> dict[str, str]:
    """In which it runs at all: Debian 12 links it with libsoup 2, and libnice, for UPnP, with libsoup 3.

    That library ends a process that has both (Debian's bug, and nothing of WHIP), so there is no UPnP here.
    """
    assert COMPILER is not None
    folder.mkdir()
    (folder / "upnp.c").write_text(NO_ROUTER)
    name = "libgupnp-igd-1.0.so.4"
    command = COMPILER, "-shared", "-fPIC", f"-Wl,-soname,{name}", "-o", str(folder / name), "upnp.c"
    subprocess.run(command, cwd=folder, check=True)
    own = {"LD_LIBRARY_PATH": str(folder), "GST_REGISTRY_1_0": str(folder / "registry.bin")}
    return {**os.environ, **own}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def network() -> AsyncIterator[Elsewhere]:
    async with another_network(cables=1) as one:
        yield one


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def running(network: Elsewhere, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    folder = tmp_path_factory.mktemp("hall")
    async with demo(folder, "--no-feed", "--host", network.here) as one:
        yield one


@pytest.mark.parametrize(
    ("picture", "options"),
    [(H264, ()), (VP8, ()), (H264, ("--no-trickle",))],
    ids=["h264", "vp8", "no trickle"],
)
async def test_it_publishes_and_says_goodbye(
    network: Elsewhere, running: Demo, tmp_path: Path, picture: str, options: tuple[str, ...]
) -> None:
    assert CLIENT is not None
    links, log = running.links, tmp_path / "whip-client.log"
    command = [
        *network.within, CLIENT, "--disable-colors", "-u", links.whip, "-t", links.whip_token, *options,
        "-V", picture.format(colour=_argb(CHAMBER.colour)), "-A", OPUS.format(hz=CHAMBER.hz),
    ]  # fmt: skip
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *command, stdout=output, stderr=output, env=environment(tmp_path / "libraries")
        )
    async with ClientSession() as http:
        try:
            await public_shows(http, links.meeting, CHAMBER, seconds=SHOWN_SECONDS)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{log.read_text(errors='replace')[-4000:]}") from None
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGINT)
            async with asyncio.timeout(20):
                await process.wait()
        await public_shows(http, links.meeting, CHAMBER, picture=False, heard=False)
    assert process.returncode == 0, log.read_text(errors="replace")[-4000:]


def _argb(colour: Rgb) -> str:
    red, green, blue = colour
    return f"0xff{red:02x}{green:02x}{blue:02x}"
