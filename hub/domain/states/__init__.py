"""The state machines: each one pure file with one transition table."""
