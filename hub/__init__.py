"""The hub: the composition root at the top (``hub.app``, ``hub.cli``), ``hub.domain`` at the bottom."""
