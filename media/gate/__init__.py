"""The public gate: whether the public may see and hear."""
