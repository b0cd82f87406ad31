"""How questions are moderated and answered, and on which items they are taken."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.add_column(sa.Column("moderated", sa.Boolean(), nullable=True))
    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("questions_open", sa.Boolean(), nullable=False, server_default=sa.true())
        )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("rejected_for", sa.String(32), nullable=True))
        batch_op.add_column(sa.Column("answered_how", sa.String(32), nullable=True))
        batch_op.add_column(sa.Column("answer", sa.String(), nullable=False, server_default=""))
    # Until now there were spoken answers only.
    op.execute("UPDATE question SET answered_how = 'spoken' WHERE state = 'answered'")


def downgrade() -> None:
    with op.batch_alter_table("question", schema=None) as batch_op:
        for name in ("version", "rejected_for", "answered_how", "answer"):
            batch_op.drop_column(name)
    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.drop_column("questions_open")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_column("moderated")
