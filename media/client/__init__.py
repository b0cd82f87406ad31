"""The media engine as the hub's rooms see it: one protocol, whoever runs the processes behind it."""

from media.client.engine import Engine, EngineSnapshot
from media.control.command import Disconnected, Refused

__all__ = ["Disconnected", "Engine", "EngineSnapshot", "Refused"]
