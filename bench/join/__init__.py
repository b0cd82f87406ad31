"""A storm of viewers who all come at once."""
