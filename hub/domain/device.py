"""The random id by which a browser is known again; it names nobody."""

from hub.domain.errors import Invalid
from hub.domain.text import is_plain

DEVICE_CHARACTERS = 64


def check_device(device: str) -> None:
    """Raise ``Invalid`` unless it can be the random id of a browser."""
    if not 1 <= len(device) <= DEVICE_CHARACTERS or not is_plain(device):
        raise Invalid(f"A device is named by 1 to {DEVICE_CHARACTERS} characters.", field="device")
