import av
import numpy as np
import pytest

from media.control.picture import LayoutName
from media.programme.arrangement import arrange
from media.programme.layout import Cast
from media.programme.picture import blank, planes, to_jpeg, to_yuv
from media.programme.slate import LOST, PAUSED, Slates
from media.programme.vision import BORDER, Vision

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
    scene = arrange(None, Cast(("sam",)))
    frame = Vision(slates).compose(
        scene, {"chamber": blank(1920, 1080, RED), "sam": blank(960, 1280, BLUE)}, {}
    )
    assert (frame.width, frame.height, frame.format.name) == (1280, 720, "yuv420p")
    assert at(frame, 324, 360) == RED
    assert at(frame, 956, 360) == BLUE
    assert at(frame, 660, 360) == slates.backdrop
    assert at(frame, 640, 20) == slates.backdrop


def test_a_whole_picture_is_copied_bit_for_bit_and_left_alone(slates: Slates) -> None:
    chamber = blank(1280, 720, RED)
    planes(chamber)[0][100:200, 300:400] = 77
    frame = Vision(slates).compose(arrange(None, Cast()), {"chamber": chamber}, {})
    assert same(frame, chamber)
    planes(frame)[0][:] = 0
    assert at(chamber, 0, 0) == RED


def test_full_range_and_other_formats_are_converted(slates: Slates) -> None:
    grey = av.VideoFrame.from_ndarray(np.full((360, 640, 3), 255, np.uint8), "rgb24")
    frame = Vision(slates).compose(arrange(None, Cast()), {"chamber": grey}, {})
    assert at(frame, 640, 360) == (235, 128, 128)


def test_a_lost_chamber_is_told_and_a_camera_that_is_off_shows_a_name(slates: Slates) -> None:
    vision = Vision(slates)
    assert same(vision.compose(arrange(None, Cast(chamber=False)), {}, {}), slates.slate(LOST))
    assert same(vision.compose(arrange(LayoutName.SLATE, Cast()), {}, {}), slates.slate(PAUSED))
    frame = vision.compose(arrange(LayoutName.SPEAKER, Cast(("sam",))), {"sam": None}, {"sam": "Sam Lee"})
    assert same(frame, slates.placard("Sam Lee", 1280, 720))
    assert planes(slates.placard("Sam Lee", 1280, 720))[0].max() > 200


def test_the_signer_stands_over_every_layout_with_a_rim(slates: Slates) -> None:
    pictures = {"chamber": blank(1280, 720, RED), "sign": blank(1280, 720, BLUE)}
    for scene in (arrange(None, Cast(sign=True)), arrange(None, Cast(chamber=False, sign=True))):
        frame = Vision(slates).compose(scene, pictures, {})
        assert at(frame, 1200, 600) == BLUE
        assert at(frame, 1248, 600) == BORDER
        assert at(frame, 1254, 600) not in (BLUE, BORDER)


def test_nothing_of_an_earlier_scene_remains(slates: Slates) -> None:
    vision = Vision(slates)
    vision.compose(arrange(None, Cast()), {"chamber": blank(1280, 720, RED)}, {})
    frame = vision.compose(arrange(None, Cast(("sam",))), {"chamber": None, "sam": blank(640, 360, BLUE)}, {})
    colours = np.unique(planes(frame)[2])
    assert RED[2] not in colours


def test_a_source_may_change_its_size_between_two_ticks(slates: Slates) -> None:
    vision = Vision(slates)
    scene = arrange(None, Cast(("sam",)))
    for width, height in ((1440, 1080), (1280, 720), (721, 1283), (3840, 2160), (1921, 1081)):
        frame = vision.compose(scene, {"chamber": None, "sam": blank(width, height, BLUE)}, {})
        assert at(frame, 956, 360) == BLUE


@pytest.mark.parametrize(
    ("width", "height", "said", "matrix"),
    [
        (640, 480, 2, "601"),
        (1280, 720, 2, "709"),
        (640, 480, 1, "709"),
        (1280, 720, 5, "601"),
        (1280, 720, 6, "601"),
    ],
)
def test_colours_are_right_by_either_matrix(
    slates: Slates, width: int, height: int, said: int, matrix: str
) -> None:
    """Pure green by ITU-R BT.601-7 and BT.709-6, limited range."""
    frame = blank(width, height, (145, 54, 34) if matrix == "601" else to_yuv((0, 255, 0)))
    frame.colorspace = said
    seen = Vision(slates).compose(arrange(None, Cast()), {"chamber": frame}, {})
    wanted = to_yuv((0, 255, 0))
    assert wanted == (173, 42, 26)
    assert all(abs(one - other) <= 2 for one, other in zip(at(seen, 640, 360), wanted, strict=True))


@pytest.mark.parametrize(
    ("width", "height"),
    [(640, 480), (480, 854), (1920, 1080), (1919, 1079), (352, 288), (2560, 1080), (36, 720)],
)
def test_a_circle_stays_a_circle(slates: Slates, width: int, height: int) -> None:
    side = min(width, height)
    rows, columns = np.mgrid[0:height, 0:width]
    inside = (rows - height / 2) ** 2 + (columns - width / 2) ** 2 < (side * 0.4) ** 2
    picture = blank(width, height, (16, 128, 128))
    planes(picture)[0][:][inside] = 235
    seen = planes(Vision(slates).compose(arrange(None, Cast()), {"chamber": picture}, {}))[0] > 125
    wide, high = seen.any(axis=0).sum(), seen.any(axis=1).sum()
    assert abs(int(wide) - int(high)) <= 4 + 0.02 * high


def test_a_still_is_a_jpeg_of_the_asked_width() -> None:
    jpeg, width, height = to_jpeg(blank(1280, 720, RED), 640)
    assert (jpeg[:2], width, height) == (b"\xff\xd8", 640, 360)
