"""All viewers of a programme who get the same: one rendition or none, one sound or none."""

from collections.abc import Sequence

from media.relay.burst import Burst, Picture
from media.relay.delivery import Delivery
from media.relay.stream import Packet, RtpStream
from media.relay.workbench import Workbench


class Audience:
    """Sound waits here for the picture that it belongs to, and travels with it."""

    def __init__(self, workbench: Workbench, pictures: RtpStream | None, sound: RtpStream | None) -> None:
        self.pictures = pictures
        self.sound = sound
        self.deliveries: dict[Delivery, None] = {}
        self._workbench = workbench
        self._waiting: Sequence[Packet] = ()

    @property
    def waits(self) -> bool:
        """Whether sound is held that has not been sent."""
        return bool(self._waiting)

    def hold(self, sound: Sequence[Packet]) -> None:
        """Keep sound for the next burst."""
        self._waiting = (*self._waiting, *sound)

    def burst(self, picture: Picture | None = None) -> Burst:
        """The picture and the sound that waited for it."""
        sound, self._waiting = self._waiting, ()
        return Burst(self._workbench, picture, sound)
