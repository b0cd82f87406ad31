"""Containers and bit streams: H.264 byte strings, fragmented MP4, the recording index. No I/O."""
