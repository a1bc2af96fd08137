"""Main outcomes, which a programme looks at first; when pairs were asked for, and who has room"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "main_outcomes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workbook", sa.String(), nullable=False),
        sa.Column("keys", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    # Columns are added one by one: a table that others point to is never made anew.
    op.add_column("person", sa.Column("room", sa.Integer(), nullable=True))
    op.add_column("pair", sa.Column("asked_on", sa.Date(), nullable=True))
    op.add_column(
        "pair",
        sa.Column("reason_kept", sa.Boolean(), server_default=sa.text("0"), nullable=False),
    )


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
