"""A real browser behind a bad line: our relay, Janus beside it, and LL-HLS."""
