"""What staff read of signers' certificates: how many are not confirmed, and whose list ran out."""

from __future__ import annotations

from datetime import timedelta

import html5lib
import pytest
import sqlalchemy as sa
from flask import Flask

from petitions.db import transaction
from petitions.identity.roles import Role
from petitions.identity.simulators.authority import open_authority
from petitions.law.states import State
from petitions.signatures.models import Evidence, Revocation
from tests.making import AT, a_petition_in, citizens
from tests.signatures.rows import join_one


def test_staff_see_how_many_certificates_are_not_confirmed(sign_in_staff) -> None:
    petition, signers = a_petition_in(State.SUPPORTING), citizens(6)
    words = [Revocation.PENDING, Revocation.UNANSWERED, Revocation.UNANSWERED, *[Revocation.UNKNOWN] * 3]
    for citizen, word in zip(signers, words, strict=True):
        signature = join_one(petition, citizen, AT + timedelta(hours=3))
        with transaction() as session:
            session.execute(sa.update(Evidence).where(Evidence.signature_id == signature).values(revocation=word))
    page = sign_in_staff(Role.MODERATOR).get("/en/console").text
    assert stats_of(page)[1:] == ["2", "3"]
    assert int(stats_of(page)[0]) >= 1, "acts are asked about too"


@pytest.mark.parametrize("at_hand", [True, False])
def test_staff_are_warned_of_an_authority_without_a_list(sign_in_staff, sqlite_app: Flask, at_hand: bool) -> None:
    config = sqlite_app.extensions["config"]
    open_authority(config.instance_path)
    if not at_hand:
        config.eds_crl_path.unlink()
    page = sign_in_staff(Role.MODERATOR).get("/en/console").text
    assert ("A list of revoked certificates ran out" in page) != at_hand


def stats_of(page: str) -> list[str]:
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    (section,) = [one for one in tree.iter("section") if one.get("aria-labelledby") == "revocation"]
    return ["".join(one.itertext()).strip() for one in section.iter("strong")][:3]
