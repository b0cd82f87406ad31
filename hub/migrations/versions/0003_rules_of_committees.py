"""Each committee's rules for taking part, and what they ask of those who register."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TEXTS = ("access_point", "text", "access_needs", "spokesperson_for")
_NAMES = ("side", "mode", "consent")
_YORK = {
    "speak": {
        "stages": [{"closes": {"days": 2, "count": "working", "at": "17:00:00"}}],
        "modes": ["in_person", "remote", "phone"],
    }
}


def upgrade() -> None:
    with op.batch_alter_table("committee", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rules", sa.JSON(), nullable=True))
    _keep_other_numbers()
    with op.batch_alter_table("committee", schema=None) as batch_op:
        batch_op.drop_column("speakers_at_most")
        batch_op.drop_column("speaker_seconds")
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(32), nullable=False, server_default="speak"))
        for name in _NAMES:
            batch_op.add_column(sa.Column(name, sa.String(32), nullable=True))
        for name in _TEXTS:
            batch_op.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        for name in ("may_share", "late"):
            batch_op.add_column(sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    # Until now every deadline was York's, and the rules say the same.
    op.execute("UPDATE meeting SET registration_closes_at = NULL WHERE state = 'scheduled'")


def _keep_other_numbers() -> None:
    """Committees with another time or another number of places keep them."""
    connection = op.get_bind()
    committee = sa.table(
        "committee",
        *(sa.column(name) for name in ("id", "name", "speaker_seconds", "speakers_at_most")),
        sa.column("rules", sa.JSON()),
    )
    for row in connection.execute(sa.select(committee)).all():
        if (row.speaker_seconds, row.speakers_at_most) != (180, 10):
            rules = {
                "name": row.name,
                "contributions": _YORK,
                "seconds": row.speaker_seconds,
                "places": {"meeting": row.speakers_at_most},
            }
            connection.execute(committee.update().where(committee.c.id == row.id).values(rules=rules))


def downgrade() -> None:
    with op.batch_alter_table("registration", schema=None) as batch_op:
        for name in ("kind", *_NAMES, *_TEXTS, "may_share", "late"):
            batch_op.drop_column(name)
    with op.batch_alter_table("committee", schema=None) as batch_op:
        batch_op.drop_column("rules")
        batch_op.add_column(sa.Column("speaker_seconds", sa.Integer(), nullable=False, server_default="180"))
        batch_op.add_column(sa.Column("speakers_at_most", sa.Integer(), nullable=False, server_default="10"))
