"""A real browser behind a bad line: our relay, and Janus beside it."""
