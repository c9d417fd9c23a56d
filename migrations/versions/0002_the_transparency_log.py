"""the transparency log"""

import sqlalchemy as sa
from alembic import op

from petitions.db import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Joinings from before the log: their salt was never made, so nobody can open these, which harms nothing.
UNOPENED = {
    "sqlite": "lower(hex(randomblob(32)))",
    "postgresql": "encode(sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea), 'hex')",
}


def upgrade() -> None:
    op.create_table(
        "hourly_tally",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("hour", UtcDateTime(), nullable=False),
        sa.Column("joinings", sa.Integer(), nullable=False),
        sa.Column("removals", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_hourly_tally_petition_id_petition")),
        sa.PrimaryKeyConstraint("petition_id", "hour", name=op.f("pk_hourly_tally")),
    )
    op.create_table(
        "log_head",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("territories", sa.Text(), nullable=False),
        sa.Column("sealed_at", UtcDateTime(), nullable=False),
        sa.Column("cosigned_size", sa.Integer(), nullable=True),
        sa.Column("cosigned_note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(cosigned_size IS NULL) = (cosigned_note IS NULL)", name=op.f("ck_log_head_cosigned_together")
        ),
        sa.CheckConstraint(
            "cosigned_size IS NULL OR cosigned_size <= size", name=op.f("ck_log_head_cosigned_is_not_ahead")
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_log_head_size_is_positive")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_log_head_petition_id_petition")),
        sa.PrimaryKeyConstraint("petition_id", name=op.f("pk_log_head")),
    )
    op.create_table(
        "log_tile",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_log_tile_petition_id_petition")),
        sa.PrimaryKeyConstraint("petition_id", "level", "n", name=op.f("pk_log_tile")),
    )
    # SQLite rebuilds a table to add NOT NULL later, which its foreign keys forbid: so with a default from the start.
    dialect = op.get_bind().dialect.name
    op.add_column("signature", sa.Column("commitment", sa.String(length=64), nullable=False, server_default=""))
    op.execute(f"UPDATE signature SET commitment = {UNOPENED[dialect]}")
    if dialect == "postgresql":
        op.alter_column("signature", "commitment", server_default=None)


def downgrade() -> None:
    raise RuntimeError("data of a public record moves forward only")
