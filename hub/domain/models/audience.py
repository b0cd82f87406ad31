"""What comes from those who watch: questions, votes, that they cannot hear; and keeping order among them."""

from datetime import datetime

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from hub.domain.models.columns import Name, json_column, moment_column, state_column
from hub.domain.states.question import AnswerKind, QuestionState, RejectReason


class Question(SQLModel, table=True):
    """A question from a viewer."""

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    item_id: int | None = Field(default=None, foreign_key="agenda_item.id")
    text: str
    author: str = ""
    device: str = Field(default="", index=True)
    state: QuestionState = state_column(QuestionState.PENDING)
    merged_into: int | None = None
    votes: int = 0
    version: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Counts what officers and its author do with it: who saw an older one decides about something else."""
    asked_at: datetime | None = moment_column()
    edited_at: datetime | None = moment_column()
    """When its author last changed it."""
    flags: list[str] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]")
    )
    """What the moderator's eye is drawn to (``hub.domain.flags``)."""
    rejected_for: RejectReason | None = Field(
        default=None, sa_column=Column(Name(RejectReason), nullable=True)
    )
    answered_how: AnswerKind | None = Field(default=None, sa_column=Column(Name(AnswerKind), nullable=True))
    answer: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """In writing; ``answered_how`` says for whom."""
    answered_seconds: float | None = None
    """Programme time at which the spoken answer began."""

    @property
    def as_written(self) -> str:
        """Its words with the name under them."""
        return f"{self.text}\n– {self.author}" if self.author else self.text


class Vote(SQLModel, table=True):
    """One device's support for one question."""

    __table_args__ = (UniqueConstraint("question_id", "device", name="uq_vote_question_device"),)
    id: int | None = Field(default=None, primary_key=True)
    question_id: int = Field(foreign_key="question.id", index=True)
    device: str


class HearingReport(SQLModel, table=True):
    """One device cannot hear the meeting; it counts once a minute."""

    __tablename__ = "hearing_report"
    __table_args__ = (UniqueConstraint("meeting_id", "device", "minute", name="uq_hearing_report_minute"),)
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    device: str
    minute: int
    """Of Unix time."""
    at: datetime = moment_column(null=False)
    seconds: float
    """Programme time."""


class Removal(SQLModel, table=True):
    """A device that may no longer ask or vote in a meeting."""

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    device: str
    author: str = ""
    """The name on the question for which it was removed, if there was one."""
    reason: str
    """As the person reads it."""
    by: str
    at: datetime = moment_column(null=False)
    ended_at: datetime | None = moment_column()
    """Let back in."""


class WordList(SQLModel, table=True):
    """Append-only: an edition of the words that flag a question. The newest counts."""

    __tablename__ = "word_list"
    id: int | None = Field(default=None, primary_key=True)
    words: list[str] = json_column(list)
    by: str
    at: datetime = moment_column(null=False)
