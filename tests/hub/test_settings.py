"""Settings that need one another."""

import pytest
from pydantic import ValidationError

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
