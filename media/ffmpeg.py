"""The one place that knows how ffmpeg is called: ffmpeg-python builds argument lists and never runs them.

The children demux what strangers send and pass it on unchanged as NUT, so that hostile containers are taken
apart outside of the studio. No text of a stranger ever becomes part of a command.
"""

import os
from functools import cache

import ffmpeg
import imageio_ffmpeg

SETTING = "MOOTHALL_FFMPEG"
"""Environment variable that names another ffmpeg."""
PROBE_SECONDS = 1.0
"""How long a child looks for further tracks before it passes on what it found."""
INTERLEAVE_SECONDS = 0.3
"""How long a child holds one track back when the other has fallen silent."""
SRT_LISTEN_SECONDS = 5.0
SRT_IDLE_SECONDS = 10.0

_MICRO = 1_000_000


def executable() -> str:
    """The ffmpeg to run: the one the environment names, or else the one that came with imageio-ffmpeg."""
    return os.environ.get(SETTING) or _bundled()


def flv_to_nut() -> list[str]:
    """Arguments of a child that reads FLV on its standard input and writes the same codecs as NUT."""
    source = ffmpeg.input("pipe:0", f="flv", protocol_whitelist="pipe", **_probing())
    return _copying(source, "-nostats")


def srt_to_nut(port: int) -> list[str]:
    """Arguments of a child that takes one SRT caller on a loopback port and writes the same codecs as NUT."""
    url = (
        f"srt://127.0.0.1:{port}?mode=listener"
        f"&listen_timeout={int(SRT_LISTEN_SECONDS * _MICRO)}&timeout={int(SRT_IDLE_SECONDS * _MICRO)}"
    )
    source = ffmpeg.input(url, f="mpegts", protocol_whitelist="srt", **_probing())
    return _copying(source, "-nostats", "-nostdin")


def _probing() -> dict[str, int]:
    return {"analyzeduration": int(PROBE_SECONDS * _MICRO), "probesize": 5_000_000}


def _copying(source: ffmpeg.nodes.FilterableStream, *flags: str) -> list[str]:
    # One picture and one sound track are picked by ffmpeg itself; subtitles and data stay outside.
    copied = ffmpeg.output(
        source,
        "pipe:1",
        f="nut",
        c="copy",
        sn=None,
        dn=None,
        max_interleave_delta=int(INTERLEAVE_SECONDS * _MICRO),
        flush_packets=1,
    )
    quiet = copied.global_args("-hide_banner", "-v", "error", *flags)
    return [str(argument) for argument in quiet.compile(cmd=executable())]


@cache
def _bundled() -> str:
    return str(imageio_ffmpeg.get_ffmpeg_exe())
