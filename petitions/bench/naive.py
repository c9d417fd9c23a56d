"""The application that anybody would write first: ORM objects, a commit a request, a counter on the petition.

It checks nothing at all. The goal is to be five times as fast as it, with every check made.
"""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask, redirect, request
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from werkzeug.wrappers import Response

DATABASE = "PETITIONS_BENCH_NAIVE_URL"
"""The variable that names its own database."""


class Base(DeclarativeBase):
    pass


class NaivePetition(Base):
    __tablename__ = "naive_petition"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    count: Mapped[int]


class NaiveSignature(Base):
    __tablename__ = "naive_signature"
    __table_args__ = (sa.UniqueConstraint("petition_id", "citizen"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    petition_id: Mapped[int] = mapped_column(sa.ForeignKey("naive_petition.id"))
    citizen: Mapped[str]
    name: Mapped[str]
    signed_at: Mapped[datetime]
    evidence: Mapped[str]


def prepare(url: str) -> None:
    """Make its tables and one petition."""
    engine = _engine(url)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(NaivePetition(id=1, title="Мектеп жанына жол салу", count=0))
        session.commit()
    engine.dispose()


def naive_app() -> Flask:
    app = Flask("petitions.bench.naive")
    engine = _engine(os.environ[DATABASE])

    @app.post("/<path:_any>")
    def sign(_any: str) -> Response:
        with Session(engine) as session:
            petition_id = 1
            session.add(
                NaiveSignature(
                    petition_id=petition_id,
                    citizen=secrets.token_hex(16),
                    name="Үлгі С.",
                    signed_at=datetime.now(UTC),
                    evidence=request.form["signature"],
                )
            )
            session.flush()
            petition = session.get_one(NaivePetition, petition_id)
            petition.count = NaivePetition.count + 1
            session.commit()
        return redirect("/thanks", 303)

    return app


def _engine(url: str) -> sa.Engine:
    if not url.startswith("sqlite"):
        return sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), pool_size=8)
    made = sa.create_engine(url, connect_args={"timeout": 30})
    event.listen(made, "connect", _as_durable_as_ours)
    return made


def _as_durable_as_ours(connection: Any, _record: Any) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
