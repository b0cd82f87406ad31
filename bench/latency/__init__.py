"""From camera to viewer, through Moot Hall's mixer and through Janus in the same run."""
