"""Stored signatures verified once more by another engine."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from petitions import vault
from petitions.db import reading, transaction
from petitions.identity.eds import TrustStore
from petitions.identity.eds.parts import Container
from petitions.identity.eds.reasons import ReasonCode, SignatureRefused
from petitions.identity.eds.trust import Revocation as Listed
from petitions.identity.simulators import people
from petitions.identity.simulators.authority import Kind, SimulatedAuthority
from petitions.law.states import State
from petitions.sealed_columns import EVIDENCE
from petitions.signatures.comparing import Compared, compare
from petitions.signatures.models import ActEvidence, Evidence, Revocation
from petitions.signing import actions
from tests.conftest import LOADED_AT, Database
from tests.making import a_citizen, a_petition_in, moment_of
from tests.making_signatures import Hand, authority, authority_folder, hand

__all__ = ["authority", "authority_folder", "hand"]

DOCUMENT = "Петицияға қосыламын.\n".encode()
HOUR = timedelta(hours=1)


class Refusing:
    """An engine that always says the same."""

    name = "refusing"

    def __init__(self, reason: ReasonCode) -> None:
        self.reason = reason

    def judge(self, cms: bytes, data: bytes, container: Container, trust: TrustStore, at: datetime) -> Listed:
        raise SignatureRefused(self.reason)


@pytest.fixture
def petition(database: Database, hand: Hand, authority: SimulatedAuthority) -> int:
    """With two joinings, one of them by a certificate of which only the authority knows that it is revoked."""
    petition = a_petition_in(State.SUPPORTING)
    at = moment_of(petition) + HOUR
    kinds: dict[str, Kind] = {"olga": "personal", "daniyar": "revoked-later"}
    for person, kind in kinds.items():
        cms = authority.sign_detached(people.person(person), DOCUMENT, at=at, kind=kind)
        citizen_id = a_citizen(person, at=at)
        actions.join(petition, citizen_id, document=DOCUMENT, cms=cms, began_at=at, at=at)
    return petition


def trust(folder: Path, judge: Refusing | None = None) -> TrustStore:
    return TrustStore(folder / "simulator-pki" / "roots.pem", folder / "simulator-pki" / "crl.pem", judge)


def compared(store: TrustStore, limit: int | None = None, now: datetime = LOADED_AT) -> list[Compared]:
    with reading() as session:
        return list(compare(session, store, limit, now=now))


def test_our_own_engine_agrees_with_itself(petition: int, tmp_path: Path) -> None:
    found = compared(trust(tmp_path))
    assert [one.act for one in found].count("join") == 2
    with reading() as session:
        acts = session.scalar(sa.select(sa.func.count()).select_from(ActEvidence))
    assert [one.act for one in found].count("file") == acts
    assert {(one.reason, one.no_verdict) for one in found} == {(None, False)}
    assert len([one for one in compared(trust(tmp_path), limit=1) if one.act == "join"]) == 1


def test_every_page_is_read_once(petition: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("petitions.signatures.comparing.PAGE", 1)
    found = [one.id for one in compared(trust(tmp_path)) if one.act == "join"]
    assert len(found) == len(set(found)) == 2
    assert found == sorted(found, reverse=True)


def test_an_engine_that_refuses_differs(petition: int, tmp_path: Path) -> None:
    found = compared(trust(tmp_path, Refusing("bad-signature")))
    assert {one.reason for one in found} == {"bad-signature"}


def test_an_engine_that_judges_by_its_own_present_time_gives_no_verdict_on_what_ran_out(
    petition: int, tmp_path: Path
) -> None:
    """Which is what NCANode does: a year later the certificate is not valid to it."""
    refusing = trust(tmp_path, Refusing("untrusted"))
    assert {(one.reason, one.no_verdict) for one in compared(refusing)} == {("untrusted", False)}
    later = compared(refusing, now=LOADED_AT + timedelta(days=800))
    assert {(one.reason, one.no_verdict) for one in later} == {(None, True)}
    assert {one.no_verdict for one in compared(trust(tmp_path), now=LOADED_AT + timedelta(days=800))} == {False}


def test_what_is_known_to_be_revoked_is_no_difference(petition: int, tmp_path: Path) -> None:
    engine = trust(tmp_path, Refusing("revoked"))
    assert {one.reason for one in compared(engine) if one.act == "join"} == {"revoked"}
    with transaction() as session:
        session.execute(sa.update(Evidence).values(revocation=Revocation.REVOKED))
    assert {one.reason for one in compared(engine) if one.act == "join"} == {None}


def test_evidence_of_another_person_is_found(petition: int, tmp_path: Path, authority: SimulatedAuthority) -> None:
    """Somebody with the vault's key put another citizen's signature there."""
    at = moment_of(petition) + HOUR
    cms = authority.sign_detached(people.person("aigul"), DOCUMENT, at=at)
    with transaction() as session:
        row = session.scalars(sa.select(Evidence)).first()
        assert row is not None
        context = EVIDENCE.context(petition_id=row.petition_id, signature_id=row.signature_id)
        kept = json.loads(vault.open_sealed(row.sealed, context))
        kept["cms"] = base64.b64encode(cms).decode()
        row.sealed = vault.seal(json.dumps(kept).encode(), context)
        changed = row.signature_id
    assert {one.id for one in compared(trust(tmp_path)) if one.reason == "other-person"} == {changed}


def test_the_command_reports_and_ends_with_one_only_where_engines_differ(
    sqlite_app: Flask, hand: Hand, authority: SimulatedAuthority, tmp_path: Path
) -> None:
    run = sqlite_app.test_cli_runner().invoke
    with sqlite_app.app_context():
        petition = a_petition_in(State.SUPPORTING)
        at = moment_of(petition) + HOUR
        cms = authority.sign_detached(people.person("olga"), DOCUMENT, at=at)
        actions.join(petition, a_citizen("olga", at=at), document=DOCUMENT, cms=cms, began_at=at, at=at)
    result = run(args=["eds", "compare", "--with", "embedded"])
    assert result.exit_code == 0, result.output
    assert " agree, 0 differ" in result.output
    result = run(args=["eds", "compare", "--with", "ncanode"])
    assert result.exit_code == 2, "nobody is there"
    (tmp_path / "simulator-pki" / "roots.pem").write_bytes((tmp_path / "simulator-pki" / "rsa-root.pem").read_bytes())
    result = run(args=["eds", "compare", "--with", "embedded", "--limit", "5"])
    assert result.exit_code == 1
    assert f"petition {petition}, join " in result.output
    assert "untrusted" in result.output
