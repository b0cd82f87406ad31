"""Webinars: a kind of meeting, and as what somebody speaks."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(32), nullable=False, server_default="meeting"))
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.add_column(sa.Column("capacity", sa.String(32), nullable=False, server_default="resident"))


def downgrade() -> None:
    op.execute(
        "DELETE FROM mail WHERE registration_id IN (SELECT id FROM registration WHERE part = 'attendee')"
    )
    op.execute("DELETE FROM registration WHERE part = 'attendee'")
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_column("capacity")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_column("kind")
