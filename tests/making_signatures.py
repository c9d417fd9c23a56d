"""Signing as a citizen does: with the simulated authority's certificate, over the exact text of the act."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from petitions.db import reading
from petitions.drafting import actions as drafting
from petitions.identity import services
from petitions.identity.queries import person_facts, sealed_person
from petitions.identity.simulators.authority import FOLDER, Kind, SimulatedAuthority, open_authority
from petitions.identity.simulators.people import Person
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.models import Petition
from petitions.signatures.acts import Signed
from petitions.signatures.queries import in_force
from petitions.signing import actions as signing
from petitions.signing.document import withdrawal_of
from tests.conftest import make_config
from tests.making_people import DemoRegistry, citizen


@pytest.fixture(scope="session")
def authority_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The authority's keys and lists, made once."""
    folder = tmp_path_factory.mktemp("signing-authority")
    open_authority(folder)
    return folder


@pytest.fixture
def authority(authority_folder: Path, tmp_path: Path) -> SimulatedAuthority:
    """The same in the instance of this test."""
    shutil.copytree(authority_folder / FOLDER, tmp_path / FOLDER)
    return open_authority(tmp_path)


@dataclass(frozen=True)
class Hand:
    """What citizens do with their certificates, without the pages."""

    authority: SimulatedAuthority

    def signed(self, citizen_id: int, document: bytes, at: datetime, *, kind: Kind = "personal") -> Signed:
        return Signed(document, self.authority.sign_detached(holder(citizen_id), document, at=at, kind=kind), at)

    def file(
        self, petition_id: int, *, at: datetime, by: int | None = None, signer: int | None = None, revision: int = 0
    ) -> None:
        """The author, or ``by``, signs what the draft holds now and files it; ``signer`` holds the pen."""
        with reading() as session:
            petition = session.get_one(Petition, petition_id)
            author_id, revision = by or petition.author_id, revision or petition.revision
        document, _language = drafting.begin_filing(petition_id, revision=revision, by=citizen(author_id), at=at)
        signed = self.signed(signer or author_id, document, at)
        drafting.file(petition_id, signed=signed, by=citizen(author_id), at=at, revision=revision)

    def withdraw_petition(self, petition_id: int, *, by: int, at: datetime) -> None:
        document, _language = drafting.begin_withdrawal(petition_id, by=citizen(by), at=at)
        drafting.withdraw(petition_id, signed=self.signed(by, document, at), by=citizen(by), at=at)

    def withdraw_joining(self, petition_id: int, citizen_id: int, at: datetime) -> None:
        with reading() as session:
            petition, joining = lifecycle.standing(session, petition_id), in_force(session, petition_id, citizen_id)
        document = withdrawal_of(petition, joining.consent_version if joining else "", at)
        signing.withdraw(petition_id, citizen_id, signed=self.signed(citizen_id, document, at), at=at)


@pytest.fixture
def hand(authority: SimulatedAuthority, tmp_path: Path) -> Hand:
    """Signatures that this process believes, with an application and without."""
    services.configure(make_config(tmp_path, "sqlite://"), registry=DemoRegistry())
    return Hand(authority)


def holder(citizen_id: int) -> Person:
    """The citizen as the authority knows them."""
    with reading() as session:
        known, facts = sealed_person(session, citizen_id), person_facts(session, citizen_id)
    return Person(
        key=f"citizen-{citizen_id}",
        iin=known.iin,
        surname=known.surname,
        given_name=known.given_name,
        patronymic=known.patronymic,
        birth_date=known.birth_date,
        male=True,
        residence_kato=facts.residence_kato or "",
    )
