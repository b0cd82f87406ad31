"""The HTTP ends of the media: WHIP for encoders, WHEP and LL-HLS for players."""
