"""Filing (90-2): what a petition must hold, what is frozen, and what refuses it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from petitions import vault
from petitions.db import reading, transaction
from petitions.drafting import actions
from petitions.drafting.actions import NotEligible, StaleRevision
from petitions.identity.models import Citizen
from petitions.identity.queries import email_context
from petitions.identity.simulators import people
from petitions.law.states import ClockKind, State
from petitions.law.working_days import local_date
from petitions.lifecycle import filing, queries
from petitions.lifecycle.attaching import NewFile
from petitions.lifecycle.filing import AlreadyFiled, Incomplete
from petitions.lifecycle.models import Petition
from petitions.lifecycle.text import canonical_text, text_hash
from tests import making
from tests.drafting.test_drafts import attached
from tests.making import AT, AT_2024_EDITION, PDF, answers, citizen
from tests.making_signatures import Hand

pytestmark = pytest.mark.usefixtures("database")

AUTHORITY = NewFile("authority", "power of attorney.pdf", PDF)
IIN_IN_TEXT = f"Менің ЖСН {people.person('aigul').iin} осында жазылған, өтінішім қаралсын."


def problem_fields(petition_id: int, at: Any = AT) -> set[str]:
    with reading() as session:
        petition = session.get_one(Petition, petition_id)
        author_id, revision = petition.author_id, petition.revision
    with pytest.raises(Incomplete) as refused:
        actions.begin_filing(petition_id, revision=revision, by=citizen(author_id), at=at)
    with reading() as session:
        assert queries.standing(session, petition_id).state == State.DRAFT
    return {problem.field for problem in refused.value.problems}


def test_under_the_2026_edition_a_filed_petition_goes_to_the_check_first() -> None:
    petition_id = making.a_filed_petition(at=AT)
    with reading() as session:
        petition = queries.standing(session, petition_id)
        (clock,) = queries.clocks(session, petition_id)
    assert (petition.state, petition.edition, petition.order) == (State.CHECKING, "2026-03-02", "check_first")
    assert (clock.kind, clock.started_on, clock.due_on) == (
        ClockKind.CHECK,
        date(2026, 6, 1),
        date(2026, 6, 29),
    )
    assert not petition.is_signable(AT)


def test_under_the_2024_edition_a_filed_petition_gathers_support_first() -> None:
    petition_id = making.a_filed_petition(at=AT_2024_EDITION)
    with reading() as session:
        petition = queries.standing(session, petition_id)
        kinds = {clock.kind for clock in queries.clocks(session, petition_id)}
    assert (petition.state, petition.edition, petition.order) == (
        State.SUPPORTING,
        "2024-04-04",
        "support_first",
    )
    assert kinds == {ClockKind.SUPPORT_ELECTRONIC, ClockKind.SUPPORT}
    assert petition.link_token and petition.is_signable(AT_2024_EDITION)


def test_the_hash_can_be_rebuilt_from_what_the_page_shows(hand: Hand) -> None:
    author_id = making.a_citizen()
    petition_id = making.a_draft(
        author_id, title="  Жаңа   жол\nсалу керек ", content=making.CONTENT + "  \r\n\r\nСоңы"
    )
    photo = NewFile("attachment", "көше.png", b"\x89PNG\r\n\x1a\n....")
    attached(petition_id, photo)
    hand.file(petition_id, at=AT)
    with reading() as session:
        shown = queries.text(session, petition_id)
    assert shown.title == "Жаңа жол салу керек"
    rebuilt = canonical_text(
        language=shown.language,
        title=shown.title,
        content=shown.content,
        arguments=[point.text for point in shown.arguments],
        proposals=[point.text for point in shown.proposals],
        attachments=[(file.name, file.sha256) for file in shown.attachments],
    )
    assert shown.text_hash == text_hash(rebuilt)


def test_who_filed_is_sealed_and_only_the_public_name_is_in_clear() -> None:
    petition_id = making.a_filed_petition()
    with reading() as session:
        petition = session.get_one(Petition, petition_id)
        filed = filing.particulars(petition)
        text = json.dumps([repr(filed), petition.author_name], ensure_ascii=False)
    assert (filed.surname, filed.given_name, filed.email) == ("Сынақова", "Айгүл", "aigul@example.kz")
    assert (filed.residence_kato, filed.consent_version) == ("751410000", filing.CONSENT_VERSION)
    assert "Сынақова" not in text and filed.iin not in text and petition.author_name == "Айгүл С."


def test_a_petition_to_the_government_names_the_central_body_and_no_place() -> None:
    petition_id = making.a_filed_petition(addressee="government")
    with reading() as session:
        petition = queries.standing(session, petition_id)
    assert (petition.body_id, petition.territory_kato) == (making.a_ministry(), None)


@pytest.mark.parametrize(
    ("kato", "addressee"),
    [(making.SETTLEMENT, "akimat"), (making.DISTRICT, "akimat"), (making.DISTRICT, "maslikhat")],
)
def test_a_local_petition_goes_to_the_body_of_its_unit(kato: str, addressee: str) -> None:
    petition_id = making.a_filed_petition(kato=kato, addressee=addressee)
    with reading() as session:
        assert queries.standing(session, petition_id).body_id == making.body_of(kato, addressee)


def test_a_unit_without_a_known_population_can_be_addressed() -> None:
    assert making.state_of(making.a_filed_petition(kato=making.NO_POPULATION)) == State.CHECKING


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "Қысқа"}, "title"),
        ({"content": "Тым қысқа."}, "content"),
        ({"arguments": ()}, "arguments-0"),
        ({"arguments": ("Дұрыс дәлел жазылды.", "қысқа")}, "arguments-1"),
        ({"proposals": ()}, "proposals-0"),
        ({"proposals": ("қысқа",)}, "proposals-0"),
        ({"addressee": None}, "addressee"),
        ({"kato": None}, "territory"),
        ({"addressee": "maslikhat"}, "territory"),  # a settlement has none
        ({"kato": "101010000"}, "territory"),  # the city proper inside its own administration
        ({"addressee": "government", "body_id": None}, "body"),
        ({"is_representative": True}, "represented"),
        ({"is_representative": True, "represented": "Тегін адам, Алматы қ."}, "authority"),
        ({"content": IIN_IN_TEXT}, "content"),
    ],
)
def test_an_incomplete_draft_is_kept_but_not_filed(changes: dict[str, Any], field: str) -> None:
    petition_id = making.a_draft(**changes)
    assert field in problem_fields(petition_id)


def test_every_problem_is_told_at_once() -> None:
    author_id = making.a_citizen()
    petition_id = actions.start(by=citizen(author_id), at=AT)
    assert problem_fields(petition_id) == {"addressee", "title", "content", "arguments-0", "proposals-0"}


@pytest.mark.parametrize("given", [{"email": False}, {"confirmed": False}])
def test_an_author_without_a_confirmed_email_does_not_file(given: dict[str, bool]) -> None:
    petition_id = making.a_draft(making.a_citizen(**given))
    assert problem_fields(petition_id) == {"email"}


@pytest.mark.parametrize("person", ["minor", "foreigner", "stateless", "unknown", "down"])
def test_who_may_not_file_begins_nothing(person: str) -> None:
    making.use_demo_registry()
    citizen_id = making.a_citizen(person)
    with pytest.raises(NotEligible):
        actions.start(by=citizen(citizen_id), at=AT)
    with reading() as session:
        assert session.query(Petition).count() == 0


def test_who_lost_citizenship_while_drafting_does_not_file() -> None:
    author_id = making.a_citizen()
    petition_id = making.a_draft(author_id)
    with transaction() as session:
        session.get_one(Citizen, author_id).citizenship = "KG"
    assert problem_fields(petition_id) == {"person"}


def test_old_facts_say_nothing_while_the_registry_is_down() -> None:
    petition_id = making.a_draft()
    with reading() as session:
        draft = session.get_one(Petition, petition_id)
        assert not filing.problems(session, draft, AT + timedelta(hours=24))
        told = filing.problems(session, draft, AT + timedelta(days=2))
    assert [problem.field for problem in told] == ["person"]


def test_a_representative_files_with_the_document_and_both_stay_secret(hand: Hand) -> None:
    author_id = making.a_citizen()
    petition_id = making.a_draft(author_id, is_representative=True, represented="Тегін адам, Алматы қ.")
    attached(petition_id, AUTHORITY)
    hand.file(petition_id, at=AT)
    with reading() as session:
        petition = session.get_one(Petition, petition_id)
        assert filing.open_represented(petition) == "Тегін адам, Алматы қ."
        assert b'attachments":[]' in filing.canonical(petition)
        (filed,) = queries.transitions(session, petition_id)
        assert (filed.actor_role, queries.standing(session, petition_id).is_representative) == (
            "representative",
            True,
        )


def test_who_files_for_themselves_hands_in_no_document_of_authority(hand: Hand) -> None:
    author_id = making.a_citizen()
    petition_id = making.a_draft(author_id, represented="Тегін адам, Алматы қ.")
    attached(petition_id, AUTHORITY)
    hand.file(petition_id, at=AT)
    with reading() as session:
        assert queries.text(session, petition_id).attachments == ()
        assert session.get_one(Petition, petition_id).represented_sealed is None


def test_what_was_not_checked_is_not_filed(hand: Hand) -> None:
    author_id = making.a_citizen()
    petition_id = making.a_draft(author_id)
    with pytest.raises(StaleRevision):
        actions.begin_filing(petition_id, revision=1, by=citizen(author_id), at=AT)
    with pytest.raises(StaleRevision):
        hand.file(petition_id, at=AT, revision=1)


def test_every_drafting_action_refuses_a_filed_petition(hand: Hand) -> None:
    author_id = making.a_citizen()
    petition_id = making.a_filed_petition(author_id)
    with reading() as session:
        before = queries.text(session, petition_id)
        revision = session.get_one(Petition, petition_id).revision
    by = citizen(author_id)
    acts = [
        lambda: actions.save(petition_id, answers(), revision=revision, by=by, at=AT),
        lambda: actions.save(
            petition_id,
            answers(),
            revision=revision,
            by=by,
            at=AT,
            files=[NewFile("attachment", "a.pdf", PDF)],
        ),
        lambda: actions.save(petition_id, answers(), revision=revision, by=by, at=AT, removed_file=1),
        lambda: actions.discard(petition_id, by=by),
        lambda: hand.file(petition_id, at=AT),
    ]
    for act in acts:
        with pytest.raises(AlreadyFiled):
            act()
    with reading() as session:
        assert queries.text(session, petition_id) == before


def test_staff_file_a_written_application_through_the_same_door() -> None:
    author_id = making.a_citizen("olga", confirmed=False)
    petition_id = making.a_draft(author_id)
    with transaction() as session:
        petition = session.get_one(Petition, petition_id)
        petition.channel, petition.written_reference = "written", "№ 15"
        filing.complete(session, petition, by=making.STAFF, at=AT, consent_version="paper")
    assert making.state_of(petition_id) == State.CHECKING


def test_an_email_changed_after_filing_does_not_change_what_was_filed() -> None:
    author_id = making.a_citizen()
    petition_id = making.a_filed_petition(author_id)
    with transaction() as session:
        person = session.get_one(Citizen, author_id)
        person.email_sealed = vault.seal(b"new@example.kz", email_context(person.iin_digest))
    with reading() as session:
        assert filing.particulars(session.get_one(Petition, petition_id)).email == "aigul@example.kz"


def test_the_law_runs_on_the_day_in_kazakhstan() -> None:
    evening = AT.replace(hour=20)  # already 2 June in Almaty
    petition_id = making.a_filed_petition(at=evening)
    with reading() as session:
        (clock,) = queries.clocks(session, petition_id)
    assert clock.started_on == local_date(evening) == date(2026, 6, 2)
