"""A personal link by code and surname: as it is said, and only as long as the link works."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.errors import Invalid
from hub.domain.links import ALPHABET, CODE_CHARACTERS, LinkKey, same_code
from hub.domain.people import Part
from hub.domain.services.codes import is_surname, link_of_code
from hub.domain.services.registration import Registered
from tests.hub.conftest import House


async def opened(house: House, code: str, surname: str = "Lee") -> str | None:
    """The token that comes of it; None when it is refused, in the words for everybody."""
    try:
        return await link_of_code(house.desk, code, surname)
    except Invalid as error:
        if error.message.startswith("No personal link has this code and this surname."):
            return None
        raise


async def shown(house: House, registered: Registered) -> str:
    """The code as the officer has it."""
    return str((await house.do("speaker.link", registration_id=registered.registration_id))["short_code"])


async def test_what_the_officer_reads_out_opens_the_same_link(house: House) -> None:
    registered, _ = await house.resident()
    code = await shown(house, registered)
    assert code == registered.code
    assert await opened(house, code) == registered.token
    assert await opened(house, f" {code.lower().replace('-', ' ')} ", "LEE") == registered.token
    assert await opened(house, code, "Leigh") is None
    assert await opened(house, "0000-0000") is None


async def test_it_ends_with_its_link(house: House) -> None:
    registered, _ = await house.resident()
    renewed = await house.do("speaker.new_link", registration_id=registered.registration_id)
    assert renewed["short_code"] != registered.code
    assert await opened(house, registered.code) is None
    assert await opened(house, renewed["short_code"]) == renewed["token"]
    await house.do("speaker.remove", registration_id=registered.registration_id, reason="Not today")
    assert await opened(house, renewed["short_code"]) is None


async def test_it_ends_with_the_meeting(house: House) -> None:
    registered, _ = await house.resident()
    await house.live()
    assert await opened(house, registered.code) == registered.token
    await house.do("meeting.end", confirmed=True)
    assert await opened(house, registered.code) is None


async def test_who_is_invited_has_one_too(house: House) -> None:
    invited = await house.do("invitation.issue", name="Ceri Pugh", part=Part.SIGNER)
    renewed = await house.do("speaker.new_link", registration_id=invited["registration_id"])
    assert await opened(house, renewed["short_code"], "Pugh") == renewed["token"]


async def test_all_that_is_missing_is_told_at_once(house: House) -> None:
    with pytest.raises(Invalid) as refused:
        await link_of_code(house.desk, " ", "")
    assert [(one.field, one.message) for one in refused.value.each] == [
        ("code", "Enter the code."),
        ("surname", "Enter your surname."),
    ]


class Row:
    """What a link leads to."""

    link_nonce = ""
    token_hash = ""


class Nonces:
    """Not random."""

    def __init__(self, nonce: str) -> None:
        self._nonce = nonce

    def new(self) -> str:
        return self._nonce


@given(nonce=st.text("abcdef", min_size=1), key=st.binary(min_size=32, max_size=32))
def test_a_code_can_be_read_out(nonce: str, key: bytes) -> None:
    row, house = Row(), LinkKey(key)
    house.renew(row, Nonces(nonce))
    code = house.code(row)
    assert code is not None
    assert len(code) == CODE_CHARACTERS + 1
    assert set(code.replace("-", "")) <= set(ALPHABET)
    assert same_code(code, code.replace("0", "o").replace("1", "l").replace("-", " "))
    assert LinkKey(bytes(32)).code(row) is None or key == bytes(32), "another house's key knows no code"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Sam Lee", "Lee"),
        ("Sam Lee", "sam lee"),
        ("Siân Ó Néill", "o neill"),
        ("Siân Ó Néill", "Neill"),
        ("Ann Smith-Jones", "Smith Jones"),
        ("Ann Smith-Jones", "jones"),
        ("Pat O’Hara", "O'Hara"),
        ("Anna van der Berg", "Van der Berg"),
        ("Cher", "cher"),
        ("Łukasz Łęcki", "łęcki"),
    ],
)
def test_surnames(name: str, said: str) -> None:
    assert is_surname(name, said)


@pytest.mark.parametrize(("name", "said"), [("Sam Lee", "Sam"), ("Sam Lee", "e"), ("Sam Lee", "-"), ("", "")])
def test_what_is_no_surname(name: str, said: str) -> None:
    assert not is_surname(name, said)
