"""E-mail through the council's mail server. One message, one connection: they are few."""

import asyncio
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Literal

import aiosmtplib

from hub.domain.ports import MailDelayed, MailRefused

SECONDS = 60.0
"""For all of one message. A mail server may think about it, but not for ever."""
_PERMANENT = 500


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where it is and how it is spoken to."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    user: str = ""
    password: str = ""


class SmtpMailer:
    """Implements ``hub.domain.ports.Mailer``."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def send(self, message: EmailMessage) -> None:
        """Refused is what the server says of this recipient or message; all else may be mended by then."""
        try:
            async with asyncio.timeout(SECONDS):
                await self._send(message)
        except aiosmtplib.SMTPRecipientsRefused as error:
            said = error.recipients[0]
            raise _judged(said.code, f"The mail server does not take the address: {said.message}") from error
        except aiosmtplib.SMTPDataError as error:
            raise _judged(
                error.code, f"The mail server does not take the message: {error.message}"
            ) from error
        except aiosmtplib.SMTPNotSupported as error:
            raise MailRefused(f"The mail server cannot do this: {error.message}") from error
        except (OSError, TimeoutError) as error:
            raise MailDelayed(
                f"The mail server does not answer: {str(error) or 'it took too long'}"
            ) from error
        except aiosmtplib.SMTPException as error:
            raise MailDelayed(f"The mail server does not let us send: {error.message}") from error

    async def _send(self, message: EmailMessage) -> None:
        server = self._server
        await aiosmtplib.send(
            message,
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            timeout=SECONDS / 2,
        )


class NoMailer:
    """Where no mail server is set up: the officer sends the link."""

    async def send(self, message: EmailMessage) -> None:
        """Never."""
        raise MailRefused("No mail server is set up. Copy the link and send it yourself.")


def _judged(code: int, sentence: str) -> MailDelayed | MailRefused:
    """RFC 5321, section 4.2.1: 5yz is for good, 4yz is worth another try."""
    return MailRefused(sentence) if code >= _PERMANENT else MailDelayed(sentence)
