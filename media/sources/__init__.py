"""Where pictures and sound come from: test card, WHIP, byte streams, files, remote speakers."""
