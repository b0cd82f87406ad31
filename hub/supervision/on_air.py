"""Who is on air in one meeting, as it is wished."""

from collections.abc import Callable

from hub.supervision.process import MediaProcess
from media.control.command import Refused
from media.control.feeds import CloseSpeaker, NameSpeaker
from media.control.picture import SetOnAir
from media.control.studio import GetStatus, StudioStatus


class OnAir:
    """One who lost the connection is on air again when back: the studio knows only those who are there.

    ``know`` is told what the studio says of itself. Everything here raises ``Refused`` and ``Disconnected``.
    """

    def __init__(self, studio: MediaProcess, know: Callable[[StudioStatus], None]) -> None:
        self._studio = studio
        self._know = know
        self._wished: list[str] = []

    async def put(self, speakers: list[str]) -> None:
        """Put these on air and nobody else.

        Refused with ``no_speaker`` when somebody new in the list is not connected.
        """
        new = set(speakers) - set(self._wished)
        # Whoever is taken off stays off, even when the studio is away and cannot be told.
        self._wished = [name for name in self._wished if name in speakers]
        here = _connected(await self._status())
        await self._studio.call(SetOnAir(speakers=[name for name in speakers if name in here | new]))
        self._wished = speakers

    async def restore(self, speakers: list[str]) -> None:
        """After a restart of the hub: these are on air by what was written down, and nobody else is."""
        self._wished = speakers
        await self.reassert()

    async def reassert(self) -> None:
        """After a studio or a speaker came back: put on air again whoever should be and is connected."""
        status = await self._status()
        here = _connected(status)
        wanted = [name for name in self._wished if name in here]
        if wanted != status.on_air:
            await self._studio.call(SetOnAir(speakers=wanted))

    def learn(self, status: StudioStatus) -> None:
        """From a studio that was there before this hub."""
        self._wished = list(status.on_air)

    async def close(self, speaker: str) -> None:
        """Hang up. Somebody who has left already is as good as hung up on.

        The wish for them to be on air ends as well: who comes back after this is admitted anew.
        """
        self._wished = [name for name in self._wished if name != speaker]
        try:
            await self._studio.call(CloseSpeaker(speaker=speaker))
        except Refused as refusal:
            if refusal.code != "no_speaker":
                raise

    async def name(self, speaker: str, name: str) -> None:
        """What stands where they have no picture. Who is not connected brings their name when they are."""
        try:
            await self._studio.call(NameSpeaker(speaker=speaker, label=name))
        except Refused as refusal:
            if refusal.code != "no_speaker":
                raise

    async def _status(self) -> StudioStatus:
        status = await self._studio.call(GetStatus())
        self._know(status)
        return status


def _connected(status: StudioStatus) -> set[str]:
    return {feed.source for feed in status.feeds if feed.kind == "speaker" and feed.state != "gone"}
