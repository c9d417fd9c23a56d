"""A written application is placed by staff (90-2(1)-(2)); whatever fails leaves nothing behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from petitions.db import reading
from petitions.errors import DomainError
from petitions.identity.models import Citizen
from petitions.identity.person_registry import RegistryDown
from petitions.law.states import ClockKind, State
from petitions.law.working_days import local_date, start_of_day
from petitions.lifecycle import filing
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.attaching import BadFile, NewFile
from petitions.lifecycle.models import Petition
from petitions.moderation.written import Application, BadApplication, place_written_petition
from tests import making
from tests.conftest import Database
from tests.moderation.people import MODERATOR, acts_on

TODAY = local_date(making.AT)


@pytest.fixture(autouse=True)
def registry() -> Iterator[None]:
    making.use_demo_registry()
    yield


def paper(person: str = "olga", **changes: Any) -> Application:
    who = making.people.person(person)
    return replace(
        Application(
            received_on=TODAY,
            reference="ЖТ-2026/17",
            iin=who.iin,
            surname=who.surname.upper(),
            given_name=who.given_name,
            email="olga@example.kz",
            language="ru",
            title="Освещение улицы у школы",
            content="На улице у школы нет освещения, зимой дети идут домой в темноте по дороге.",
            arguments=["Зимой темнеет до конца второй смены.", "  "],
            proposals=["Поставить десять фонарей от школы до остановки."],
            addressee="akimat",
            territory_kato=making.SETTLEMENT,
            body_id=None,
            scan=NewFile("scan", "заявление.pdf", making.PDF),
        ),
        **changes,
    )


def nothing_is_stored() -> bool:
    with reading() as session:
        rows = [session.scalar(sa.select(sa.func.count()).select_from(kind)) for kind in (Citizen, Petition)]
    return rows == [0, 0]


def test_it_is_filed_like_any_other_and_keeps_its_paper(database: Database) -> None:
    petition_id = place_written_petition(paper(), by=MODERATOR, at=making.AT)
    with reading() as session:
        standing = lifecycle.standing(session, petition_id)
        text = lifecycle.text(session, petition_id)
        petition = session.get_one(Petition, petition_id)
        who = filing.particulars(petition)
        assert petition.written_reference == "ЖТ-2026/17"
    assert (standing.state, standing.channel, standing.language) == (State.CHECKING, "written", "ru")
    assert standing.author_name == "Ольга О."
    assert [point.text for point in text.arguments] == ["Зимой темнеет до конца второй смены."]
    assert [(file.kind, file.name) for file in text.attachments] == [("application", "заявление.pdf")]
    assert (who.iin, who.email) == (making.people.person("olga").iin, "olga@example.kz")
    assert acts_on(petition_id) == ["place-written-petition"]


def test_the_term_runs_from_the_day_of_receipt_not_of_typing(database: Database) -> None:
    received_on = date(2026, 5, 25)
    petition_id = place_written_petition(paper(received_on=received_on), by=MODERATOR, at=making.AT)
    with reading() as session:
        (check,) = lifecycle.clocks(session, petition_id)
        (filed,) = lifecycle.transitions(session, petition_id)
    assert (check.kind, check.started_on) == (ClockKind.CHECK, received_on)
    assert (filed.at, filed.recorded_at) == (start_of_day(received_on), making.AT)


def test_an_application_received_before_march_2026_lives_by_the_2024_edition(database: Database) -> None:
    petition_id = place_written_petition(paper(received_on=date(2026, 2, 27)), by=MODERATOR, at=making.AT)
    with reading() as session:
        standing = lifecycle.standing(session, petition_id)
    assert (standing.edition, standing.state) == ("2024-04-04", State.SUPPORTING)


def test_a_representative_hands_in_whom_they_represent_and_the_authority(database: Database) -> None:
    represented = "Асан Үсенов, Алматы қаласы, Абай даңғылы 1"
    authority = NewFile("authority", "доверенность.png", b"\x89PNG\r\n\x1a\n" + b"0" * 20)
    petition_id = place_written_petition(
        paper(represented=represented, authority=authority), by=MODERATOR, at=making.AT
    )
    with reading() as session:
        petition = session.get_one(Petition, petition_id)
        assert filing.open_represented(petition) == represented
        assert sorted(file.name for file in petition.attachments) == ["доверенность.png", "заявление.pdf"]


@pytest.mark.parametrize(
    ("person", "field"),
    [("foreigner", "iin"), ("stateless", "iin"), ("minor", "iin"), ("unknown", "iin")],
)
def test_who_may_not_file_is_refused_and_nothing_is_stored(database: Database, person: str, field: str) -> None:
    with pytest.raises(BadApplication) as told:
        place_written_petition(paper(person), by=MODERATOR, at=making.AT)
    assert told.value.field == field
    assert nothing_is_stored()


def test_a_registry_that_is_down_is_asked_again_later(database: Database) -> None:
    with pytest.raises(RegistryDown):
        place_written_petition(paper("down"), by=MODERATOR, at=making.AT)
    assert nothing_is_stored()


def mistyped(iin: str) -> str:
    return iin[:-1] + str((int(iin[-1]) + 1) % 10)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"iin": mistyped(making.people.person("olga").iin)}, "iin"),
        ({"iin": "12345"}, "iin"),
        ({"surname": "Басқа"}, "surname"),
        ({"received_on": TODAY + timedelta(days=1)}, "received_on"),
        ({"received_on": date(2024, 4, 3)}, "received_on"),
        ({"reference": "  "}, "reference"),
        ({"territory_kato": "000000000"}, "territory"),
        ({"territory_kato": making.SETTLEMENT, "addressee": "maslikhat"}, "territory"),
        ({"addressee": "government", "territory_kato": None}, "body"),
    ],
)
def test_what_does_not_hold_is_said_beside_its_field(
    sqlite_database: Database, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(DomainError) as told:
        place_written_petition(paper(**changes), by=MODERATOR, at=making.AT)
    assert told.value.field == field
    assert nothing_is_stored()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "Қысқа"}, "title"),
        ({"title": "О" * 201}, "title"),
        ({"content": "Мало."}, "content"),
        ({"arguments": []}, "arguments"),
        ({"proposals": ["", " "]}, "proposals"),
        ({"arguments": ["Один достаточный довод.", "мало"]}, "arguments-1"),
        ({"email": "nobody"}, "email"),
        (
            {"content": "На улице темно, звоните, мой ИИН: " + making.people.person("olga").iin + "."},
            "content",
        ),
        ({"represented": ""}, "represented"),
        ({"represented": "Асан Үсенов, Алматы"}, "authority"),
    ],
)
def test_the_completeness_of_the_site_holds_for_paper_too(
    sqlite_database: Database, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(filing.Incomplete) as told:
        place_written_petition(paper(**changes), by=MODERATOR, at=making.AT)
    assert field in [problem.field for problem in told.value.problems]
    assert nothing_is_stored()


@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00", b"%PDF-" + b"0" * (5 * 1024 * 1024)])
def test_a_scan_is_a_pdf_or_an_image_of_at_most_5_mb(sqlite_database: Database, content: bytes) -> None:
    with pytest.raises(BadFile) as told:
        place_written_petition(paper(scan=NewFile("scan", "x.pdf", content)), by=MODERATOR, at=making.AT)
    assert told.value.field == "scan"
    assert nothing_is_stored()


def test_the_same_paper_is_placed_once(sqlite_database: Database) -> None:
    place_written_petition(paper(), by=MODERATOR, at=making.AT)
    with pytest.raises(BadApplication) as told:
        place_written_petition(paper("daniyar"), by=MODERATOR, at=making.AT)
    assert told.value.field == "reference"


def test_an_address_its_owner_confirmed_is_not_changed_by_paper(database: Database) -> None:
    citizen_id = making.a_citizen("olga")
    petition_id = place_written_petition(paper(email="other@example.kz"), by=MODERATOR, at=making.AT)
    with reading() as session:
        petition = session.get_one(Petition, petition_id)
        assert petition.author_id == citizen_id
        assert filing.particulars(petition).email == "olga@example.kz"
