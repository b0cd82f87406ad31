"""The point of order that is being heard."""

import sqlalchemy as sa
from alembic import op

from hub.domain.models.columns import Moment

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.add_column(sa.Column("point_of_order_at", Moment(), nullable=True))
        batch_op.add_column(sa.Column("point_of_order_by", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("point_of_order_paused", sa.JSON(), nullable=False, server_default="[]")
        )


def downgrade() -> None:
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_column("point_of_order_paused")
        batch_op.drop_column("point_of_order_by")
        batch_op.drop_column("point_of_order_at")
