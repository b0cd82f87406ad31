"""A still of what was encoded: one key picture, decoded on its own."""

import av
from av.video.codeccontext import VideoCodecContext


def decode_key(data: bytes) -> av.VideoFrame | None:
    """The picture of an IDR access unit (Annex B, parameter sets included). ``None`` when it is none."""
    decoder = av.CodecContext.create("h264", "r")
    assert isinstance(decoder, VideoCodecContext)  # noqa: S101  what h264 is
    try:
        frames = [*decoder.decode(av.Packet(data)), *decoder.decode(None)]
    except av.error.FFmpegError:
        return None
    return frames[0] if frames else None
