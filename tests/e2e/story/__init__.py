"""The steps of one meeting, end to end, and what they hand on."""
