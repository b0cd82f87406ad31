"""Help for residents who speak: a chat with the officer, the telephone, a test of their device."""

import sqlalchemy as sa
from alembic import op

from hub.domain.models import Moment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ADDED = ("device_checked_at", "by_phone", "help_at", "help_reason", "chat_read", "spoke_at_seconds")


def upgrade() -> None:
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.add_column(sa.Column("device_checked_at", Moment(), nullable=True))
        batch_op.add_column(sa.Column("by_phone", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("help_at", Moment(), nullable=True))
        batch_op.add_column(sa.Column("help_reason", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("chat_read", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("spoke_at_seconds", sa.Float(), nullable=True))
    op.create_table(
        "chat_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_chat_line_registration_id_registration")
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_chat_line_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_line")),
    )
    for column in ("registration_id", "meeting_id"):
        op.create_index(op.f(f"ix_chat_line_{column}"), "chat_line", [column])


def downgrade() -> None:
    op.drop_table("chat_line")
    with op.batch_alter_table("registration", schema=None) as batch_op:
        for name in _ADDED:
            batch_op.drop_column(name)
