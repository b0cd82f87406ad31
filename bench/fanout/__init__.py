"""One programme to many viewers: Janus and our relay by turns, on the same machine, from the same feed."""
