from alembic import context

from petitions import db, models
from petitions.db import Base

models.load_all()

ENGINES_OWN = "search_index"  # FTS5's tables, or the one of tsvector: each engine's own, so no model describes them


def _is_modelled(name: str | None, kind: str, parents: object) -> bool:
    return kind != "table" or not (name or "").startswith(ENGINES_OWN)


def run() -> None:
    engine = context.config.attributes.get("engine") or db.engine()
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            include_name=_is_modelled,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if connection.in_transaction():
            connection.commit()


run()
