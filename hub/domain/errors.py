"""What can be wrong with a request, each with a stable code and a sentence for the person who made it."""

# ruff: noqa: N818  (they are refusals, named by what is wrong: ``raise NotFound``)

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar


class DomainError(Exception):
    """Base of all refusals. ``code`` is stable for programs; ``message`` is for people."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    """The HTTP status that says the same."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        """Name of the form field at fault, if one is."""

    @property
    def each(self) -> "tuple[DomainError, ...]":
        """The refusal itself, and what else is wrong."""
        return (self,)


class NotFound(DomainError):
    """There is no such thing, or not for this person."""

    code = "not_found"
    status = 404


class Forbidden(DomainError):
    """The person is known and may not do this."""

    code = "forbidden"
    status = 403


class SignInNeeded(DomainError):
    """Nobody is signed in, or the session ended."""

    code = "sign_in_needed"
    status = 401


class Invalid(DomainError):
    """A value does not fit. ``field`` names it, and ``also`` says what else does not."""

    code = "invalid"
    status = 422

    def __init__(self, message: str, *, field: str | None = None, also: Sequence["Invalid"] = ()) -> None:
        super().__init__(message, field=field)
        self.also = tuple(also)

    @property
    def each(self) -> "tuple[Invalid, ...]":
        return (self, *self.also)


class Faults:
    """What is wrong with the values of a form, so that a person hears all of it at once."""

    def __init__(self) -> None:
        self._found: list[Invalid] = []

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Note an ``Invalid`` and go on behind the block."""
        try:
            yield
        except Invalid as error:
            self.note(error)

    def note(self, error: Invalid) -> None:
        """Of each field the first fault is told, and it may be mended by more than one."""
        self._found += [one for one in error.each if one.field not in self._fields()]

    def refuse(self) -> None:
        """Raise ``Invalid`` for all that was noted, if anything was."""
        if self._found:
            raise self.all()

    def all(self) -> Invalid:
        """What was noted, as one refusal."""
        first, *others = self._found
        return Invalid(first.message, field=first.field, also=others)

    def _fields(self) -> set[str | None]:
        return {one.field for one in self._found}


class IllegalTransition(DomainError):
    """The state machine knows no such move from where the thing stands. Nothing was changed."""

    code = "illegal_transition"


class Conflict(DomainError):
    """Somebody else changed it a moment ago. Nothing was changed."""

    code = "conflict"


class NotConfirmed(DomainError):
    """The move shows something to the public and was not confirmed."""

    code = "not_confirmed"


class TooMany(DomainError):
    """A limit on how much or how often. Says when to try again."""

    code = "too_many"
    status = 429

    def __init__(self, message: str, *, field: str | None = None, seconds: int = 5) -> None:
        super().__init__(message, field=field)
        self.seconds = seconds
        """After which it may be tried again."""


class MediaUnavailable(DomainError):
    """The studio or the relay did not do it. Says whether the public still see the meeting."""

    code = "media_unavailable"
    status = 503


class DeviceReplaced(DomainError):
    """Another device has taken the slot of this personal link."""

    code = "device_replaced"


class NotSaved(DomainError):
    """The media did as told and the database did not take it down. Says what the public see now."""

    code = "not_saved"
    status = 503
