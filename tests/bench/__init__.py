"""Of what measures."""
