"""What can go wrong with ModGov."""


class ModGovError(Exception):
    """A sentence for the clerk: what was asked of whom and what is wrong. Nothing was changed."""
