"""Measurements side by side with other programs. Nothing here is part of what is installed."""
