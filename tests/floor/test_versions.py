"""What is kept in memory is as new as the database: no change passes it by, in whichever process it was made."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from petitions import versions
from petitions.audit import SYSTEM
from petitions.db import Base, reading, transaction
from petitions.law.states import State
from petitions.lifecycle import models as lifecycle_models
from petitions.reference import actions, queries
from petitions.reference import models as reference_models
from petitions.reference.models import PolicyOverride
from petitions.versions import Kept
from tests import making
from tests.conftest import Database

AT = datetime(2026, 6, 10, 5, 0, tzinfo=UTC)
CHANGE_ELSEWHERE = """
import sys
from datetime import UTC, datetime
from petitions import db
from petitions.audit import SYSTEM
from petitions.reference.actions import set_policy
db.configure(sys.argv[1])
set_policy("sending_by_hand", "true", "a reason", SYSTEM, datetime(2026, 6, 10, tzinfo=UTC))
"""


def number(subject: str) -> int:
    with reading() as session:
        return versions.number(session, subject)


def test_a_setting_changed_by_another_process_is_seen_at_once(database: Database) -> None:
    with reading() as session:
        assert not queries.policy(session).flag("sending_by_hand")
    subprocess.run([sys.executable, "-c", CHANGE_ELSEWHERE, database.url], check=True, timeout=60)
    with reading() as session:
        assert queries.policy(session).flag("sending_by_hand")


def test_what_is_kept_is_read_once(database: Database) -> None:
    kept, reads = Kept("reference", most=10), []
    for _ in range(3):
        with reading() as session:
            kept.get(session, "key", lambda: reads.append("read"))
    assert reads == ["read"]
    with transaction() as session:
        versions.changed(session, "reference")
    with reading() as session:
        kept.get(session, "key", lambda: reads.append("read again"))
    assert reads == ["read", "read again"]


def test_whoever_writes_reads_what_is_written_and_keeps_nothing_of_it(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), transaction() as session:
        session.add(PolicyOverride(name="sending_by_hand", value="true", reason="x", set_at=AT))
        session.flush()
        assert queries.policy(session).flag("sending_by_hand")
        raise ZeroDivisionError
    with reading() as session:
        assert not queries.policy(session).flag("sending_by_hand")


def test_the_oldest_answers_make_room(database: Database) -> None:
    kept, reads = Kept("reference", most=2), []
    with reading() as session:
        for key in ("a", "b", "c", "c", "a"):
            kept.get(session, key, lambda key=key: reads.append(key))
    assert reads == ["a", "b", "c", "a"]


def test_an_answer_that_makes_room_while_it_is_looked_for_is_read_again(database: Database) -> None:
    class MakingRoom(dict[object, object]):
        """As if another thread made room right after each look."""

        def __contains__(self, key: object) -> bool:
            there = super().__contains__(key)
            self.clear()
            return there

    kept = Kept("reference", most=2)
    with reading() as session:
        kept.get(session, "a", lambda: "first")
        kept._answers = MakingRoom(kept._answers)
        assert kept.get(session, "a", lambda: "again") in ("first", "again")


def test_the_end_of_a_savepoint_raises_no_number_yet(database: Database) -> None:
    """Else the subject's row would stay locked for the rest of the transaction, against every legal step."""
    with transaction() as session:
        with session.begin_nested():
            versions.changed(session, "petitions")
        inside = session.scalar(sa.select(versions.Version.number).where(versions.Version.subject == "petitions"))
    assert (inside or 0) + 1 == number("petitions")


def test_every_table_that_pages_are_made_of_raises_a_number() -> None:
    of_drafts = {lifecycle_models.Point, lifecycle_models.Attachment}  # fixed at filing, which is a transition
    tables = {
        each
        for room in (reference_models, lifecycle_models)
        for each in vars(room).values()
        if isinstance(each, type) and issubclass(each, Base) and each is not Base
    }
    assert tables - of_drafts <= versions._WATCHED.keys()


def test_an_edit_of_the_calendar_raises_the_number_and_a_refused_one_does_not(database: Database) -> None:
    before = number("reference")
    with pytest.raises(actions.NotFound):
        actions.remove_calendar_day(date(2031, 5, 5), SYSTEM, AT)
    assert number("reference") == before
    with reading() as session:
        day = queries.calendar_days(session, 2026)[0].day
    actions.remove_calendar_day(day, SYSTEM, AT)
    assert number("reference") == before + 1


def test_a_legal_step_raises_the_number_and_a_draft_in_writing_does_not(database: Database) -> None:
    draft = making.a_petition_in(State.DRAFT)
    before = number("petitions")
    with transaction() as session:
        session.get_one(lifecycle_models.Petition, draft).title = "Another title"
    assert number("petitions") == before
    making.a_petition_in(State.OPEN)
    assert number("petitions") > before


def test_changes_made_at_once_are_all_counted(database: Database) -> None:
    before = number("reference")
    together = threading.Barrier(4, timeout=20)

    def change() -> None:
        together.wait()
        with transaction() as session:
            versions.changed(session, "reference")

    threads = [threading.Thread(target=change) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert number("reference") == before + 4
