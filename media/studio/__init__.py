"""The studio process: ticks, encodes, obeys the hub."""
