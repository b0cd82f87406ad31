"""From a request line to a reply, whichever way the line travelled."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar, cast

import structlog
from pydantic import ValidationError

from media.control.command import Command, Message, Payload, Refused

log = structlog.get_logger(__name__)

R = TypeVar("R", bound=Message)
Handler = Callable[[Any], Awaitable[Message]]


class Answers:
    """The commands that a process knows."""

    def __init__(self, handlers: Mapping[type[Command[Any]], Handler]) -> None:
        self._handlers = {kind.name: (kind, handler) for kind, handler in handlers.items()}

    async def answer(self, line: bytes) -> Payload:
        """The reply to one request. A command that fails is an answer too, never an exception."""
        number: Any = None
        try:
            request = json.loads(line)
            number = request["id"]
            kind, handler = self._handlers[request["call"]]
            result = await handler(kind.model_validate(request["args"]))
        except Refused as refusal:
            return _failure(number, refusal.code, refusal.message)
        except (ValueError, KeyError, TypeError, ValidationError) as error:
            return _failure(number, "bad_command", f"The command was not understood: {error}")
        except Exception as error:
            log.exception("control_command_failed")
            return _failure(number, "failed", f"The media process could not do this: {error!r}")
        return {"id": number, "ok": True, "result": result.model_dump(mode="json")}


def result_of(command: Command[R], answer: Payload) -> R:
    """The typed reply. Raises ``Refused`` when the answer says no."""
    if not answer["ok"]:
        raise Refused(answer["error"]["code"], answer["error"]["message"])
    return cast("R", command.reply.model_validate(answer["result"]))


def encode(payload: Payload) -> bytes:
    """One line."""
    return json.dumps(payload, separators=(",", ":")).encode() + b"\n"


def _failure(number: Any, code: str, message: str) -> Payload:
    return {"id": number, "ok": False, "error": {"code": code, "message": message}}
