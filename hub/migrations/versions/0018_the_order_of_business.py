"""What officers make of the order of business while the meeting runs."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.add_column(sa.Column("own_order", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("added", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("state", sa.String(32), nullable=False, server_default="planned"))


def downgrade() -> None:
    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        for name in ("state", "added"):
            batch_op.drop_column(name)
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_column("own_order")
