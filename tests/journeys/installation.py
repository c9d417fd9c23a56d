"""A running demonstration, as the stories know it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

from petitions.demo.seeds import seeds
from tests.journeys.secrecy import Secrets


@dataclass(frozen=True)
class Seeded:
    """An invented petition that was made with the installation."""

    id: int
    token: str | None
    title: str

    @property
    def ref(self) -> str:
        """Its address while only those who have the link see it."""
        return self.token or str(self.id)


@dataclass(frozen=True)
class Installation:
    address: str
    instance: Path
    secrets: Secrets = field(default_factory=Secrets)

    @property
    def password(self) -> str:
        return (self.instance / "demo-password").read_text().strip()

    def letters(self) -> list[str]:
        """Every letter dropped so far, the newest last."""
        files = sorted((self.instance / "outbox").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        return [file.read_text() for file in files]

    def log(self) -> str:
        return (self.instance / "log").read_text()

    def seeded(self, key: str) -> Seeded:
        """By its key in petitions/demo/petitions.toml."""
        title = next(seed.title for seed in seeds() if seed.key == key)
        return self.petition(title)

    def petition(self, title: str) -> Seeded:
        row = self.rows("SELECT id, link_token FROM petition WHERE title = ? ORDER BY id DESC", title)[0]
        return Seeded(row[0], row[1], title)

    def rows(self, query: str, *values: object) -> list[tuple[int, str | None]]:
        with sqlite3.connect(f"file:{self.instance / 'petitions.sqlite'}?mode=ro", uri=True) as connection:
            return connection.execute(query, values).fetchall()
