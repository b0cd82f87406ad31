"""The hub: the composition root at the top (``hub.app``, ``hub.cli``), the domain (``hub.domain``) at the bottom."""
