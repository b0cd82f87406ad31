import os

import pytest

from media.ingest import amf
from media.ingest.amf import AmfError, Value


@pytest.mark.parametrize(
    "value",
    [None, True, False, 1.5, "", "grüß Gott", {"app": "live", "deep": {"x": 1.0}}, [1.0, "two", None]],
)
def test_what_is_encoded_is_decoded(value: Value) -> None:
    assert amf.decode(amf.encode("first", value)) == ["first", value]


def test_an_ecma_array_reads_as_an_object() -> None:
    assert amf.decode(
        b"\x08\x00\x00\x00\x01\x00\x05width\x00\x40\x84\x00\x00\x00\x00\x00\x00\x00\x00\x09"
    ) == [{"width": 640.0}]


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x00",
        b"\x02\x00\x09short",
        b"\x03\x00\x01a",
        b"\x03" + b"\x00\x01a\x03" * 50,
        b"\x0a\xff\xff\xff\xff",
        b"\x05" * 1000,
        b"\x77",
    ],
)
def test_what_is_not_amf_is_said_to_be_so(data: bytes) -> None:
    with pytest.raises(AmfError):
        amf.decode(data)


def test_noise_raises_nothing_else() -> None:
    for _ in range(2000):
        try:
            amf.decode(os.urandom(40))
        except AmfError:
            continue
