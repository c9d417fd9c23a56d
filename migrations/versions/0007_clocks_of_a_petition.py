"""the clocks of one petition are found without reading all"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The unique index holds only running clocks, so that a petition's page and every list read the whole table.
    op.create_index(op.f("ix_clock_petition_id"), "clock", ["petition_id"], unique=False)


def downgrade() -> None:
    raise RuntimeError("data of a public record moves forward only")
