import av
import numpy as np
import pytest

from media.control.studio import LayoutName
from media.programme.layout import arrange
from media.programme.picture import blank, planes, to_jpeg
from media.programme.slate import LOST, Slates
from media.programme.vision import BACKDROP, Vision

RED = (90, 100, 220)
BLUE = (60, 220, 100)


@pytest.fixture
def slates() -> Slates:
    return Slates("City of York Council", "#1d4e6b")


def at(frame: av.VideoFrame, x: int, y: int) -> tuple[int, int, int]:
    luma, u, v = planes(frame)
    return int(luma[y, x]), int(u[y // 2, x // 2]), int(v[y // 2, x // 2])


def same(one: av.VideoFrame, other: av.VideoFrame) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(planes(one), planes(other), strict=True))


def test_each_source_is_in_its_tile_with_its_own_shape(slates: Slates) -> None:
    scene = arrange(None, ["sam"])
    frame = Vision(slates).compose(
        scene, {"chamber": blank(1920, 1080, RED), "sam": blank(480, 640, BLUE)}, {}
    )
    assert (frame.width, frame.height, frame.format.name) == (1280, 720, "yuv420p")
    assert at(frame, 324, 360) == RED
    assert at(frame, 956, 360) == BLUE
    assert at(frame, 660, 360) == BACKDROP
    assert at(frame, 640, 20) == BACKDROP


def test_a_whole_picture_is_copied_bit_for_bit_and_left_alone(slates: Slates) -> None:
    chamber = blank(1280, 720, RED)
    planes(chamber)[0][100:200, 300:400] = 77
    frame = Vision(slates).compose(arrange(None, []), {"chamber": chamber}, {})
    assert same(frame, chamber)
    planes(frame)[0][:] = 0
    assert at(chamber, 0, 0) == RED


def test_full_range_and_other_formats_are_converted(slates: Slates) -> None:
    grey = av.VideoFrame.from_ndarray(np.full((360, 640, 3), 255, np.uint8), "rgb24")
    frame = Vision(slates).compose(arrange(None, []), {"chamber": grey}, {})
    assert at(frame, 640, 360) == (235, 128, 128)


def test_a_lost_chamber_is_told_and_a_camera_that_is_off_shows_a_name(slates: Slates) -> None:
    vision = Vision(slates)
    assert same(vision.compose(arrange(None, []), {}, {}), slates.slate(LOST))
    frame = vision.compose(arrange(LayoutName.SPEAKER, ["sam"]), {"sam": None}, {"sam": "Sam Lee"})
    assert same(frame, slates.placard("Sam Lee", 1280, 720))
    assert planes(slates.placard("Sam Lee", 1280, 720))[0].max() > 200


def test_nothing_of_an_earlier_scene_remains(slates: Slates) -> None:
    vision = Vision(slates)
    vision.compose(arrange(None, []), {"chamber": blank(1280, 720, RED)}, {})
    frame = vision.compose(arrange(None, ["sam"]), {"chamber": None, "sam": blank(640, 360, BLUE)}, {})
    colours = np.unique(planes(frame)[2])
    assert RED[2] not in colours


def test_a_source_may_change_its_size_between_two_ticks(slates: Slates) -> None:
    vision = Vision(slates)
    scene = arrange(None, ["sam"])
    for width, height in ((640, 480), (320, 240), (1280, 720), (2, 2), (1921, 1081)):
        frame = vision.compose(scene, {"chamber": None, "sam": blank(width, height, BLUE)}, {})
        assert at(frame, 956, 360) == BLUE


def test_a_still_is_a_jpeg_of_the_asked_width() -> None:
    jpeg, width, height = to_jpeg(blank(1280, 720, RED), 640)
    assert (jpeg[:2], width, height) == (b"\xff\xd8", 640, 360)
