"""Supervision contains the hub's hold on the media processes: starts, finds again, restarts what dies."""
