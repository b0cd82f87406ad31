"""What all namespaces share: every message is acknowledged, and every failure is a code and a sentence."""

from typing import Any, ClassVar, Generic, TypeVar

import socketio
import structlog

from hub.domain.desk import Desk
from hub.domain.errors import DomainError, Invalid
from media.client import Disconnected, Engine, Refused

log = structlog.get_logger(__name__)

Ack = dict[str, Any]
A = TypeVar("A")

CLOSE_EVENTS = ("connect", "disconnect")


class CommandNamespace(socketio.AsyncNamespace, Generic[A]):  # type: ignore[misc]  # socketio carries no types
    """Connects an actor of kind ``A``, then passes their messages on.

    python-socketio looks for ``on_<event>`` methods; our events have dots, so all come through one door.
    """

    path: ClassVar[str]

    def __init__(self, desk: Desk, engine: Engine) -> None:
        super().__init__(self.path)
        self.desk = desk
        self.engine = engine
        self.actors: dict[str, tuple[str, A]] = {}
        """Socket id → (meeting ref, actor), of the sockets of this process."""

    def present(self, ref: str) -> list[tuple[str, A]]:
        """Socket ids and actors of those who are connected to a meeting here."""
        return [(sid, actor) for sid, (where, actor) in self.actors.items() if where == ref]

    async def identify(self, environ: dict[str, Any], auth: dict[str, Any]) -> tuple[str, A]:
        """The meeting and the person behind a new connection. Raises ``DomainError`` to refuse it."""
        raise NotImplementedError

    async def welcome(self, sid: str, ref: str, actor: A) -> None:
        """Join rooms and send the first snapshot."""
        raise NotImplementedError

    async def answer(self, ref: str, actor: A, event: str, payload: dict[str, Any]) -> Ack:
        """Do what a message asks."""
        raise NotImplementedError

    async def trigger_event(self, event: str, *args: Any) -> Any:
        """Called by python-socketio for everything that happens to this namespace."""
        if event == "connect":
            return await self._connect(*args)
        if event == "disconnect":
            self.actors.pop(args[0], None)
            return None
        sid, payload = args[0], args[1] if len(args) > 1 else {}
        return await self._acknowledge(sid, event, payload)

    async def _connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        try:
            ref, actor = await self.identify(environ, auth if isinstance(auth, dict) else {})
        except DomainError as error:
            raise socketio.exceptions.ConnectionRefusedError(error.message, {"code": error.code}) from error
        self.actors[sid] = ref, actor
        await self.welcome(sid, ref, actor)

    async def _acknowledge(self, sid: str, event: str, payload: object) -> Ack:
        if sid not in self.actors:
            return failure("sign_in_needed", "The connection was closed. Reload the page.")
        if not isinstance(payload, dict):
            return failure(Invalid.code, "A message needs an object with its values.")
        ref, actor = self.actors[sid]
        try:
            result = await self.answer(ref, actor, event, payload)
        except DomainError as error:
            return failure(error.code, error.message, error.field)
        except Refused as refusal:
            return failure(refusal.code, refusal.message)
        except Disconnected:
            return failure(
                "media_unavailable",
                "The studio does not answer and is being restarted. Try again in a moment.",
            )
        except Exception:
            log.exception("socket_command_failed", event=event, meeting=ref)
            return failure(
                "failed", "Something went wrong here and was noted. Nothing was changed; try again."
            )
        return {"ok": True, **result}


def failure(code: str, message: str, field: str | None = None) -> Ack:
    """The acknowledgement of what was not done."""
    return {"ok": False, "error": {"code": code, "message": message, "field": field}}


def text_of(auth: dict[str, Any], name: str, limit: int = 128) -> str:
    """A short string from the connection's ``auth``. Raises ``Invalid`` when it is something else."""
    value = auth.get(name, "")
    if not isinstance(value, str) or len(value) > limit:
        raise Invalid(f"“{name}” must be a short text.", field=name)
    return value
