"""Webinars: a kind of meeting, as what somebody speaks, polls, raised hands, feedback."""

import sqlalchemy as sa
from alembic import op

from hub.domain.models import Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(32), nullable=False, server_default="meeting"))
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.add_column(sa.Column("capacity", sa.String(32), nullable=False, server_default="resident"))
    op.create_table(
        "poll",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=True),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("point_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_poll_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll")),
    )
    op.create_index(op.f("ix_poll_meeting_id"), "poll", ["meeting_id"])
    op.create_index(op.f("ix_poll_state"), "poll", ["state"])
    op.create_table(
        "poll_vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_vote_poll_id_poll")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_vote")),
        sa.UniqueConstraint("poll_id", "device", name="uq_poll_vote_device"),
    )
    op.create_index(op.f("ix_poll_vote_poll_id"), "poll_vote", ["poll_id"])
    op.create_table(
        "raised_hand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("raised_at", Moment(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_raised_hand_meeting_id_meeting")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_raised_hand_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_raised_hand")),
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_feedback_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("meeting_id", "device", name="uq_feedback_meeting_device"),
    )
    op.create_index(op.f("ix_feedback_meeting_id"), "feedback", ["meeting_id"])
    for column in ("meeting_id", "device", "state"):
        op.create_index(op.f(f"ix_raised_hand_{column}"), "raised_hand", [column])


def downgrade() -> None:
    op.drop_table("feedback")
    op.drop_table("raised_hand")
    op.drop_table("poll_vote")
    op.drop_table("poll")
    op.execute(
        "DELETE FROM mail WHERE registration_id IN (SELECT id FROM registration WHERE part = 'attendee')"
    )
    op.execute("DELETE FROM registration WHERE part = 'attendee'")
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_column("capacity")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_column("kind")
