"""a term of one petition is found by its kind and due day too"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Whether an answer is overdue is asked of each petition of a list; SQLite took the index of kinds and due days for
    # it and read the terms of all petitions for each one.
    op.create_index(op.f("ix_clock_petition_id_kind_due_on"), "clock", ["petition_id", "kind", "due_on"], unique=False)
    op.drop_index(op.f("ix_clock_petition_id"), table_name="clock")


def downgrade() -> None:
    raise RuntimeError("data of a public record moves forward only")
