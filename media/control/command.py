"""A command is one frozen model that knows the type of its reply."""

from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """Anything that crosses the control channel: immutable, and nothing unknown is accepted."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Done(Message):
    """The reply of a command that has nothing to tell but that it happened."""


R = TypeVar("R", bound=Message)


class Command(Message, Generic[R]):
    """A request to a media process. ``name`` is its name on the wire."""

    name: ClassVar[str]
    reply: ClassVar[type[Message]] = Done


class Event(Message):
    """Something a media process tells everybody who is connected to it."""

    name: ClassVar[str]


class Refused(Exception):  # noqa: N818  (a refusal is an answer, not a fault)
    """The process understood the command and will not do it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Disconnected(Exception):  # noqa: N818  (a state of the channel)
    """The process at the other end went away before it answered."""


Payload = dict[str, Any]
