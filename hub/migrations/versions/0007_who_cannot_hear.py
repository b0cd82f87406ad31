"""Viewers who say that they cannot hear the meeting."""

import sqlalchemy as sa
from alembic import op

from hub.domain.models import Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hearing_seen_at", Moment(), nullable=True))
    op.create_table(
        "hearing_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_hearing_report_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing_report")),
        sa.UniqueConstraint("meeting_id", "device", "minute", name="uq_hearing_report_minute"),
    )
    op.create_index(op.f("ix_hearing_report_meeting_id"), "hearing_report", ["meeting_id"])


def downgrade() -> None:
    op.drop_table("hearing_report")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_column("hearing_seen_at")
