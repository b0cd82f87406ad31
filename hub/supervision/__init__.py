"""Supervision contains the hub's hold on the media processes: it starts them, finds them again, restarts what dies."""
