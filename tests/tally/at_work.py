"""A process of its own, for tests to kill: ``python -m tests.tally.at_work FOLDER URL tally`` or ``… join P AT C…``."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from petitions import app as composition
from petitions.errors import DomainError
from petitions.tally.sealing import seal
from tests.conftest import make_config
from tests.signatures.rows import join_one


def main(folder: str, url: str, work: str, *rest: str) -> None:
    composition.start_floor(make_config(Path(folder), url))
    say("ready")
    if work == "tally":
        while True:
            seal(datetime.now(UTC))
    petition, at, *citizens = rest
    for citizen in citizens:
        try:
            made = join_one(int(petition), int(citizen), datetime.fromisoformat(at))
        except DomainError:
            continue
        say(made)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
