"""The part that somebody takes in a meeting, and the name in the chamber's picture."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.add_column(sa.Column("part", sa.String(32), nullable=False, server_default="speaker"))
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.add_column(sa.Column("chamber_caption", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_column("chamber_caption")
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_column("part")
