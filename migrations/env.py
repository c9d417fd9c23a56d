from alembic import context

from petitions import db, models
from petitions.db import Base

models.load_all()


def run() -> None:
    engine = context.config.attributes.get("engine") or db.engine()
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if connection.in_transaction():
            connection.commit()


run()
