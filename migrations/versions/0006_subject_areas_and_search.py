"""subject areas of petitions, and the index of the full-text search"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("petition", sa.Column("theme", sa.String(length=30), nullable=True))
    facets = ["state", "theme", "language", "addressee", "body_id", "territory_kato"]
    op.create_index("ix_petition_facets", "petition", facets, unique=False)
    op.create_table(
        "search_document",
        sa.Column("petition_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("as_of", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("numbers", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_search_document_petition_id_petition")),
        sa.PrimaryKeyConstraint("petition_id", name=op.f("pk_search_document")),
    )
    op.create_index(op.f("ix_search_document_as_of"), "search_document", ["as_of"], unique=False)
    op.create_table(
        "search_word",
        sa.Column("stem", sa.String(length=40), nullable=False),
        sa.Column("sound", sa.String(length=40), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("stem", name=op.f("pk_search_word")),
    )
    op.create_index(op.f("ix_search_word_sound"), "search_word", ["sound"], unique=False)
    # The engine's own index, which no model describes: petitions/search/engines.py asks it.
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TABLE search_index (petition_id integer PRIMARY KEY REFERENCES search_document ON DELETE CASCADE,"
            " vector tsvector NOT NULL)"
        )
        op.execute("CREATE INDEX ix_search_index_vector ON search_index USING gin (vector)")
    else:
        op.execute(
            "CREATE VIRTUAL TABLE search_index USING fts5(title, names, numbers, text,"
            " content='search_document', content_rowid='petition_id', tokenize='unicode61 remove_diacritics 0')"
        )


def downgrade() -> None:
    raise RuntimeError("data of a public record moves forward only")
