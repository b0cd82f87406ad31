"""Signalling contains the Socket.IO namespaces: audience, speaker, console (``docs/protocol.md``)."""
