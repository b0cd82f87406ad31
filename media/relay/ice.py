"""The names of one viewer's ICE sessions (RFC 8445): the one agreed on, and the next after a restart."""

import secrets
from dataclasses import dataclass

from media.relay.stun import BindingRequest


@dataclass(frozen=True, slots=True)
class Names:
    """Both sides' user names of one ICE session, and our password."""

    ufrag: str
    password: str
    theirs: str

    @classmethod
    def fresh(cls, theirs: str) -> "Names":
        """Unguessable ones. The alphabet is that of ice-char (RFC 8839 section 5.4)."""
        return cls(secrets.token_hex(6), secrets.token_hex(16), theirs)

    def fit(self, request: BindingRequest) -> bool:
        """Whether a check is of this session, and its sender knows the password."""
        return request.username == f"{self.ufrag}:{self.theirs}" and request.verify(self.password)


class IceNames:
    """After a restart the session before goes on until a check proves that the peer knows of the new one."""

    def __init__(self, theirs: str) -> None:
        self._valid = [Names.fresh(theirs)]
        self._known = [self.newest.ufrag]
        self.restarted = False
        """Whether the newest came from a restart and no check has used it yet."""

    @property
    def newest(self) -> Names:
        """The one that was agreed on last."""
        return self._valid[-1]

    def restart(self, theirs: str) -> Names:
        """Another session. One that was offered and never used gives way to it."""
        if self.restarted:
            self._valid.pop()
        self._valid.append(Names.fresh(theirs))
        self._known.append(self.newest.ufrag)
        self.restarted = True
        return self.newest

    def judge(self, request: BindingRequest) -> Names | None:
        """The session that a check is of. The first good check of the newest ends those before."""
        names = next((names for names in self._valid if names.fit(request)), None)
        if names is self.newest:
            self._valid = [names]
            self.restarted = False
        return names

    def outdated(self) -> list[str]:
        """Our user names that no check is taken for any more, each told once."""
        valid = {names.ufrag for names in self._valid}
        gone = [ufrag for ufrag in self._known if ufrag not in valid]
        self._known = [ufrag for ufrag in self._known if ufrag in valid]
        return gone

    @property
    def ufrags(self) -> list[str]:
        """All of our user names that were not told to be outdated."""
        return list(self._known)
