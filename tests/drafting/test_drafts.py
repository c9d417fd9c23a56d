"""Drafts: saved however incomplete, never larger than a petition, gone when discarded; and taking back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from petitions.db import reading
from petitions.drafting import actions
from petitions.drafting.actions import StaleRevision, TooManyDrafts
from petitions.errors import DomainError, NotFound
from petitions.law.states import State
from petitions.lifecycle import queries
from petitions.lifecycle.advance import NotNow
from petitions.lifecycle.attaching import MAX_BYTES, MAX_FILES, BadFile, NewFile, clean_name
from petitions.lifecycle.models import Petition
from tests import making
from tests.making import AT, PDF, answers, citizen
from tests.making_signatures import Hand

pytestmark = pytest.mark.usefixtures("database")


def attached(petition_id: int, *files: NewFile) -> None:
    with reading() as session:
        petition = session.get_one(Petition, petition_id)
        revision, author_id, kept = petition.revision, petition.author_id, actions.answers_of(petition)
    actions.save(petition_id, kept, revision=revision, by=citizen(author_id), at=AT, files=files)


def test_nobody_touches_the_petition_of_another() -> None:
    petition_id = making.a_draft()
    stranger = citizen(making.a_citizen("daniyar"))
    moderator = making.STAFF
    for by in (stranger, moderator):
        for act in (
            lambda by=by: actions.save(petition_id, answers(), revision=2, by=by, at=AT),
            lambda by=by: actions.discard(petition_id, by=by),
            lambda by=by: actions.begin_withdrawal(petition_id, by=by, at=AT),
            lambda by=by: actions.step_back(petition_id, words="", by=by, at=AT),
        ):
            with pytest.raises(NotFound):
                act()
    with pytest.raises(NotFound):
        actions.begin_filing(petition_id, revision=2, by=stranger, at=AT)


def test_the_same_answers_sent_twice_are_no_conflict_but_other_answers_are() -> None:
    author_id = making.a_citizen()
    petition_id = making.a_draft(author_id)
    first = answers()
    by = citizen(author_id)
    kept = actions.save(petition_id, first, revision=2, by=by, at=AT)
    assert actions.save(petition_id, first, revision=2, by=by, at=AT).revision == kept.revision == 3
    with pytest.raises(StaleRevision) as stale:
        actions.save(petition_id, answers(), revision=2, by=by, at=AT)
    assert stale.value.revision == 3


def test_a_citizen_has_at_most_ten_drafts() -> None:
    by = citizen(making.a_citizen())
    drafts = [actions.start(by=by, at=AT) for _ in range(actions.MAX_DRAFTS)]
    with pytest.raises(TooManyDrafts):
        actions.start(by=by, at=AT)
    actions.discard(drafts[0], by=by)
    assert actions.start(by=by, at=AT)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "а" * 201}, "title"),
        ({"content": "а" * 10_001}, "content"),
        ({"arguments": ("а" * 2_001,)}, "arguments"),
        ({"proposals": tuple(f"Ұсыныс мәтіні № {n}" for n in range(21))}, "proposals"),
    ],
)
def test_a_draft_is_no_larger_than_a_petition(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(DomainError) as refused:
        making.a_draft(**changes)
    assert refused.value.field == field


def test_control_characters_are_left_out() -> None:
    petition_id = making.a_draft(content="Бірінші\x00 жол\u202e\r\nекінші жол " + making.CONTENT)
    with reading() as session:
        assert queries.text(session, petition_id).content.startswith("Бірінші жол\nекінші жол")


@pytest.mark.parametrize(
    "file",
    [
        NewFile("attachment", "page.html", b"<script>alert(1)</script>"),
        NewFile("attachment", "empty.pdf", b""),
        NewFile("attachment", "big.pdf", PDF + b"0" * MAX_BYTES),
    ],
)
def test_a_file_that_is_not_what_it_says_is_not_kept(file: NewFile) -> None:
    petition_id = making.a_draft()
    with pytest.raises(BadFile):
        attached(petition_id, file)
    with reading() as session:
        assert queries.text(session, petition_id).attachments == ()


def test_files_are_counted_and_the_same_file_is_kept_once() -> None:
    petition_id = making.a_draft()
    files = [NewFile("attachment", f"{n}.pdf", PDF + str(n).encode()) for n in range(MAX_FILES)]
    attached(petition_id, *files, files[0])
    with pytest.raises(BadFile):
        attached(petition_id, NewFile("attachment", "more.pdf", PDF))
    with reading() as session:
        assert len(queries.text(session, petition_id).attachments) == MAX_FILES


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("..\\..\\photo.pdf", "photo.pdf"),
        ("/etc/passwd", "passwd.pdf"),
        ("хат\u202efdp.exe", "хатfdp.exe.pdf"),
        ("", "file.pdf"),
        ("ПЛАН.PDF", "ПЛАН.pdf"),
        ("а" * 300 + ".pdf", "а" * 116 + ".pdf"),
    ],
)
def test_names_of_files_are_cleaned(name: str, kept: str) -> None:
    assert clean_name(name, (".pdf",)) == kept


def test_an_author_withdraws_freely_before_open_publication_only(hand: Hand) -> None:
    author_id = making.a_citizen()
    in_check = making.a_filed_petition(author_id)
    hand.withdraw_petition(in_check, by=author_id, at=AT)
    assert making.state_of(in_check) == State.WITHDRAWN
    is_open = making.a_petition_in(State.OPEN, author_id=author_id)
    later = making.moment_of(is_open) + timedelta(hours=1)
    with pytest.raises(NotNow):
        hand.withdraw_petition(is_open, by=author_id, at=later)
    draft = making.a_draft(author_id)
    with pytest.raises(NotFound):
        hand.withdraw_petition(draft, by=author_id, at=AT)


def test_an_author_steps_back_once_and_collection_goes_on() -> None:
    author_id = making.a_citizen()
    petition_id = making.a_petition_in(State.OPEN, author_id=author_id)
    later = making.moment_of(petition_id) + timedelta(hours=1)
    actions.step_back(petition_id, words="  Рақмет! ", by=citizen(author_id), at=later)
    with pytest.raises(actions.SteppedBackAlready):
        actions.step_back(petition_id, words="", by=citizen(author_id), at=later)
    with reading() as session:
        petition = queries.standing(session, petition_id)
        last = queries.transitions(session, petition_id)[-1]
    assert petition.state == State.OPEN and petition.is_signable(later)
    assert (last.event, last.details, last.actor_role) == ("stepped_back", {"text": "Рақмет!"}, "author")


def test_a_draft_is_erased_with_its_rows_and_files() -> None:
    author_id = making.a_citizen()
    petition_id = making.a_draft(author_id)
    attached(petition_id, NewFile("attachment", "a.pdf", PDF))
    actions.discard(petition_id, by=citizen(author_id))
    with reading() as session:
        assert session.get(Petition, petition_id) is None
