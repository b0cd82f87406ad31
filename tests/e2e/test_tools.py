"""The instruments are checked before they judge: known pictures and sounds are recognised, others not."""

import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest

from tests.support.browser import chromium, visitor
from tests.support.judge import (
    CHAMBER,
    PRIVATE,
    RESIDENT,
    SECOND,
    find_colour,
    loudest,
    near,
    pictures,
    sound,
    still,
    tone_level,
)
from tests.support.publishers import Feed, FfmpegPublisher, Target, publisher_page
from tests.support.waiting import until

ALL = (CHAMBER, RESIDENT, PRIVATE, SECOND)


def test_signatures_cannot_be_confused() -> None:
    for one in ALL:
        others = [other for other in ALL if other is not one]
        assert not any(near(one.colour, other.colour, 90) for other in others)
        assert not any(abs(one.hz - other.hz * times) < 50 for other in others for times in (1, 2, 3))


async def test_switching_a_publisher_changes_colour_and_tone_and_is_found(tmp_path: Path) -> None:
    """One connection, one encoder, another room: what the private session of the story relies on."""
    file = tmp_path / "feed.ts"
    feed = Feed(CHAMBER, private=PRIVATE, size=(640, 360))
    async with FfmpegPublisher(
        feed, Target("mpegts", str(file), ("-flush_packets", "1")), tmp_path / "ffmpeg.log"
    ) as publisher:
        await until(lambda: file.exists() and file.stat().st_size >= 20_000, "the feed", 20)
        await publisher.switch()
        await publisher.switch_back()
        before = file.stat().st_size
        await until(lambda: file.stat().st_size >= before + 20_000, "more of it", 20)
    seen = list(pictures(file.read_bytes()))
    assert all(abs(picture.clock() - (picture.seconds - seen[0].seconds)) < 0.2 for picture in seen)
    guilty = find_colour(seen, PRIVATE.colour)
    assert seen[0].shows(CHAMBER.colour)
    assert seen[-1].shows(CHAMBER.colour)
    assert guilty
    assert not find_colour(seen, RESIDENT.colour)
    heard = sound(file.read_bytes())
    assert loudest(heard, CHAMBER.hz) > -20
    assert loudest(heard, PRIVATE.hz) > -20
    assert loudest(heard, SECOND.hz) < -45


def test_still_and_tone_of_a_known_file(tmp_path: Path) -> None:
    jpeg = tmp_path / "still.jpg"
    red, green, blue = CHAMBER.colour
    _ffmpeg(
        "-f",
        "lavfi",
        "-i",
        f"color=c=0x{red:02x}{green:02x}{blue:02x}:s=640x360",
        "-frames:v",
        "1",
        str(jpeg),
    )
    assert still(jpeg.read_bytes()).shows(CHAMBER.colour)
    wav = tmp_path / "tone.wav"
    _ffmpeg("-f", "lavfi", "-i", "sine=f=1000:r=48000:d=1", str(wav))
    assert tone_level(sound(wav.read_bytes()), 1000) == pytest.approx(-18, abs=0.5)
    assert tone_level(sound(wav.read_bytes()), 440) < -90


@pytest.mark.browser
async def test_a_fake_camera_and_microphone_are_seen_and_heard_through_webrtc(tmp_path: Path) -> None:
    async with (
        publisher_page() as page,
        chromium(tmp_path, RESIDENT) as browser,
        visitor(browser, "tools") as person,
    ):
        await person.page.goto(page)
        await person.page.evaluate(LOOP_BACK)
        await person.start_watch("resident", RESIDENT)
        await person.start_watch("private", PRIVATE)
        await person.sees(RESIDENT.colour)
        await person.hears(RESIDENT.hz)
        await person.does_not_hear(PRIVATE.hz)
        present, absent = await person.end_watch("resident"), await person.end_watch("private")
        assert present.guilty > 5
        assert present.level > -30
        assert absent.guilty == 0
        assert absent.frames > 5
        assert absent.sounds > 5
        assert absent.level < -50


def _ffmpeg(*arguments: str) -> None:
    program = imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run([program, "-hide_banner", "-v", "error", *arguments], check=True)


LOOP_BACK = """async () => {
  const own = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  const [one, two] = [new RTCPeerConnection(), new RTCPeerConnection()];
  one.onicecandidate = (event) => event.candidate && two.addIceCandidate(event.candidate);
  two.onicecandidate = (event) => event.candidate && one.addIceCandidate(event.candidate);
  const arrived = new MediaStream();
  two.ontrack = (event) => arrived.addTrack(event.track);
  own.getTracks().forEach((track) => one.addTrack(track, own));
  await one.setLocalDescription();
  await two.setRemoteDescription(one.localDescription);
  await two.setLocalDescription();
  await one.setRemoteDescription(two.localDescription);
  const video = document.createElement("video");
  video.muted = true;
  video.srcObject = arrived;
  document.body.append(video);
  await video.play();
}"""
