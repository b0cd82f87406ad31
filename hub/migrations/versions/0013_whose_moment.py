"""Whose moment in the index it is: officers may correct a name."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# Two residents of one name cannot be told apart by what was written down of them; theirs stay as they are.
_WHOSE = """
UPDATE index_point SET registration_id = (
    SELECT MIN(registration.id) FROM registration
    WHERE registration.meeting_id = index_point.meeting_id
    AND index_point.label IN (
        registration.name || ', resident', registration.name || ', resident (read out)'
    )
    GROUP BY registration.meeting_id HAVING COUNT(*) = 1
)
WHERE kind = 'speaker'
"""


def upgrade() -> None:
    with op.batch_alter_table("index_point", schema=None) as batch_op:
        batch_op.add_column(sa.Column("registration_id", sa.Integer(), nullable=True))
    op.execute(_WHOSE)


def downgrade() -> None:
    with op.batch_alter_table("index_point", schema=None) as batch_op:
        batch_op.drop_column("registration_id")
