"""What all namespaces share: every message is acknowledged, and every failure is a code and a sentence."""

from collections import Counter
from typing import Any, ClassVar, Generic, TypeVar

import socketio
import structlog

from hub.domain.desk import Desk
from hub.domain.errors import DomainError, Invalid, TooMany
from media.client import Disconnected, Engine, Refused

log = structlog.get_logger(__name__)

Ack = dict[str, Any]
A = TypeVar("A")

COMING_AND_GOING = ("connect", "disconnect")
MESSAGES_AT_ONCE = 16
"""Of one socket in hand: python-socketio starts a task for each, without a bound of its own."""


class CommandNamespace(socketio.AsyncNamespace, Generic[A]):  # type: ignore[misc]  # socketio carries no types
    """Connects an actor of kind ``A``, then passes their messages on.

    python-socketio looks for ``on_<event>`` methods; our events have dots, so all come through one door.
    """

    path: ClassVar[str]
    tells: ClassVar[frozenset[str]]
    """The events that it sends."""
    calls: ClassVar[frozenset[str]] = frozenset()
    """What it answers beside the commands of the domain."""

    def __init__(self, desk: Desk, engine: Engine) -> None:
        super().__init__(self.path)
        self.desk = desk
        self.engine = engine
        self.actors: dict[str, tuple[str, A]] = {}
        """Socket id → (meeting ref, actor), of the sockets of this process."""
        self._in_hand: Counter[str] = Counter()

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
        """Do what a command asks."""
        raise NotImplementedError

    async def call(self, ref: str, actor: A, event: str, payload: dict[str, Any]) -> Ack:
        """Answer one of ``calls``."""
        raise NotImplementedError

    async def emit(self, event: str, *args: Any, **options: Any) -> None:
        """Tell clients what the protocol knows, and nothing else."""
        if event not in self.tells:
            raise ValueError(f"{self.path} has no event {event!r}")
        await super().emit(event, *args, **options)

    async def trigger_event(self, event: str, *args: Any) -> Any:
        """Called by python-socketio for everything that happens to this namespace."""
        # A client may send the same two words as messages; only a socket that comes or goes is not connected.
        if event in COMING_AND_GOING and not self.server.manager.is_connected(args[0], self.path):
            return await self._connect(*args) if event == "connect" else self._leave(args[0])
        sid, payload = args[0], args[1] if len(args) > 1 else {}
        if self._in_hand[sid] >= MESSAGES_AT_ONCE:
            return failure("too_many", "Too many messages at once. Wait for the answers to those before.")
        self._in_hand[sid] += 1
        try:
            return await self._acknowledge(sid, event, payload)
        finally:
            self._in_hand[sid] -= 1
            if not self._in_hand[sid]:
                del self._in_hand[sid]

    async def _connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        try:
            ref, actor = await self.identify(environ, auth if isinstance(auth, dict) else {})
            self.actors[sid] = ref, actor
            await self.welcome(sid, ref, actor)
        except DomainError as error:
            raise self._refusal(sid, error.code, error.message) from error
        except Exception as error:
            log.exception("socket_connect_failed", namespace=self.path)
            raise self._refusal(
                sid, "failed", "Something went wrong here and was noted. Try again."
            ) from error
        if self._hung_up(sid):
            # python-socketio does not tell of a socket that goes away before it was let in.
            raise self._refusal(sid, "refused", "The connection was closed.")

    def _refusal(self, sid: str, code: str, message: str) -> Exception:
        self._leave(sid)
        refusal: Exception = socketio.exceptions.ConnectionRefusedError(message, {"code": code})
        return refusal

    def _leave(self, sid: str) -> None:
        self.actors.pop(sid, None)

    def _hung_up(self, sid: str) -> bool:
        wire = self.server.eio.sockets.get(self.server.manager.eio_sid_from_sid(sid, self.path))
        return wire is None or wire.closing or wire.closed

    async def _acknowledge(self, sid: str, event: object, payload: object) -> Ack:
        if sid not in self.actors:
            return failure("sign_in_needed", "The connection was closed. Reload the page.")
        if not isinstance(event, str):
            return failure(Invalid.code, "A message needs a name.")
        if not isinstance(payload, dict):
            return failure(Invalid.code, "A message needs an object with its values.")
        ref, actor = self.actors[sid]
        try:
            answer = self.call if event in self.calls else self.answer
            result = await answer(ref, actor, event, payload)
        except DomainError as error:
            seconds = error.seconds if isinstance(error, TooMany) else None
            return failure(error.code, error.message, error.field, seconds)
        except Refused as refusal:
            return failure(refusal.code, refusal.message)
        except Disconnected:
            return failure(
                "media_unavailable",
                "The studio does not answer and is being restarted. Try again in a moment.",
            )
        except Exception:
            log.exception("socket_command_failed", command=event, meeting=ref)
            return failure(
                "failed", "Something went wrong here and was noted. Nothing was changed; try again."
            )
        return {"ok": True, **result}


def failure(code: str, message: str, field: str | None = None, seconds: int | None = None) -> Ack:
    """The acknowledgement of what was not done. ``seconds``: when it may be tried again."""
    error = {"code": code, "message": message, "field": field}
    return {"ok": False, "error": error if seconds is None else error | {"seconds": seconds}}


def text_of(auth: dict[str, Any], name: str, limit: int = 128) -> str:
    """A short string from the connection's ``auth``. Raises ``Invalid`` when it is something else."""
    value = auth.get(name, "")
    if not isinstance(value, str) or len(value) > limit:
        raise Invalid(f"“{name}” must be a short text.", field=name)
    return value
