"""Rehearsals, of which nothing is public; who runs a meeting, and to whom it is being handed over."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rehearsal_of", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_meeting_rehearsal_of"), ["rehearsal_of"])
        batch_op.add_column(sa.Column("duty_staff_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("duty_offered_to", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("duty_note", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        for name in ("duty_note", "duty_offered_to", "duty_staff_id"):
            batch_op.drop_column(name)
        batch_op.drop_index(batch_op.f("ix_meeting_rehearsal_of"))
        batch_op.drop_column("rehearsal_of")
