"""Names of the Socket.IO rooms."""


def audience_room(ref: str) -> str:
    """Everybody who watches a meeting."""
    return f"audience:{ref}"


def device_room(ref: str, device: str) -> str:
    """The pages of one device on one meeting."""
    return f"device:{ref}:{device}"


def speaker_room(registration: int) -> str:
    """The pages of one registered speaker."""
    return f"speaker:{registration}"


def staff_room(ref: str) -> str:
    """The consoles of a meeting."""
    return f"staff:{ref}"
