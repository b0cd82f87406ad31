"""The HTTP ends of the media: WHIP for encoders, WHEP for players, LL-HLS for both the player and other servers."""
