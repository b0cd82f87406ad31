"""Settings that need one another."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from hub.app import open_desk
from hub.settings import Settings


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"smtp_host": "mail.example.org"}, "the council's address is needed"),
        ({"smtp_host": "mail.example.org", "smtp_from": "nobody"}, "the council's address is needed"),
        ({"turn_urls": ["turn:turn.example.org"]}, "the secret is needed"),
        ({"smtp_security": "perhaps"}, "starttls"),
    ],
)
def test_half_a_setting_is_told(chosen: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Settings(**chosen)  # type: ignore[arg-type]


def test_secrets_are_not_in_what_is_logged() -> None:
    post = {"smtp_host": "mail.example.org", "smtp_from": "a@example.org", "smtp_password": "hunter2"}
    settings = Settings(**post, turn_secret="hunter2")  # type: ignore[arg-type]
    assert "hunter2" not in repr(settings)


async def test_the_desk_keeps_what_people_left_for_the_days_that_the_council_says(tmp_path: Path) -> None:
    async with open_desk(Settings(data_dir=tmp_path, personal_data_days=21)) as desk:
        assert desk.kept_after_meeting.days == 21
    with pytest.raises(ValidationError, match="personal_data_days"):
        Settings(personal_data_days=0)
