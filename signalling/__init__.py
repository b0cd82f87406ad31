"""Signalling contains the Socket.IO namespaces: audience, speaker and console. ``docs/protocol.md`` is their contract."""
