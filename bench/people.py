"""Publishers for a studio that was started by hand: a chamber encoder and residents."""

from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCRtpSender, RTCSessionDescription

from bench.scenery import Loop
from media.control.channel import ControlClient
from media.control.feeds import OpenFeed, OpenSpeaker, SpeakerRole


class Person:
    """One connection that sends a scene and a voice."""

    def __init__(
        self, name: str, pictures: list[bytes], sound: list[bytes], role: SpeakerRole = "speaker"
    ) -> None:
        self.name = name
        self._role = role
        self.session = ""
        self._tracks: list[MediaStreamTrack] = [
            Loop("audio", sound, 50, 48_000),
            Loop("video", pictures, 25, 90_000),
        ]
        self.connection = RTCPeerConnection(RTCConfiguration([]))
        for track in self._tracks:
            self.connection.addTrack(track)
        for transceiver in self.connection.getTransceivers():
            if transceiver.kind == "video":
                transceiver.direction = "sendonly"
                codecs = RTCRtpSender.getCapabilities("video").codecs
                transceiver.setCodecPreferences([one for one in codecs if one.mimeType == "video/H264"])

    async def join(self, client: ControlClient) -> None:
        """Connect: as the chamber's encoder by that name, or else as a speaker."""
        await self.connection.setLocalDescription(await self.connection.createOffer())
        sdp = self.connection.localDescription.sdp
        if self.name == "chamber":
            answer = await client.call(OpenFeed(source="chamber", sdp=sdp, label="Encoder"))
        else:
            label = self.name.title()
            answer = await client.call(OpenSpeaker(speaker=self.name, label=label, sdp=sdp, role=self._role))
        self.session = answer.session
        await self.connection.setRemoteDescription(RTCSessionDescription(answer.sdp, "answer"))

    async def leave(self) -> None:
        """Hang up."""
        await self.connection.close()
        for track in self._tracks:
            track.stop()
