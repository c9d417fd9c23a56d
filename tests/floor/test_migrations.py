"""The migrations run forward on both engines, empty and filled, and end where the models are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command

from petitions import db, models
from petitions.cli.database import alembic_config, upgrade
from petitions.db import Base, reading
from petitions.law.states import State
from tests import making
from tests.conftest import Database


def test_the_migrated_schema_equals_the_models(database: Database) -> None:
    models.load_all()
    config = alembic_config()
    config.attributes["engine"] = db.engine()
    command.check(config)


def test_every_table_of_the_models_is_there(database: Database) -> None:
    tables = set(sa.inspect(db.engine()).get_table_names())
    assert set(Base.metadata.tables) <= tables


def test_migrating_a_filled_database_again_changes_nothing(database: Database) -> None:
    petition_id = making.a_petition_in(State.PUBLISHED)
    upgrade()
    assert making.state_of(petition_id) == State.PUBLISHED


def test_constraints_have_names_on_both_engines(database: Database) -> None:
    inspector = sa.inspect(db.engine())
    for table in Base.metadata.tables:
        checks = inspector.get_check_constraints(table)
        assert all(check["name"] for check in checks), table
    with reading() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM alembic_version")) == 1
