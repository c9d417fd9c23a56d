"""A browser that walks through joining; the simulated authority is made once for all tests of this folder."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from petitions.identity.simulators import people
from petitions.identity.simulators.authority import Kind, SimulatedAuthority
from petitions.law.states import State
from tests.making import a_citizen, a_petition_in, law_time, moment_of, sign_in
from tests.making_signatures import authority, authority_folder, hand
from tests.signatures.rows import standing

__all__ = ["authority", "authority_folder", "hand"]


@dataclass
class Signer:
    """One citizen at one browser."""

    client: FlaskClient
    authority: SimulatedAuthority
    person: str
    citizen_id: int
    ref: str
    petition_id: int
    at: datetime

    def get(self, path: str) -> TestResponse:
        return self.client.get(f"/en/{path}")

    def ask(self, **data: str) -> TestResponse:
        """Tick the consent and go on to the text."""
        return self.client.post(f"/en/petitions/{self.ref}/joining", data=data or {"consent": "y"})

    def hidden(self) -> dict[str, str]:
        """What the page of the exact text would post to the signing service."""
        return hidden_of(self.ask())

    def sign(self, form: dict[str, str], *, person: str = "", kind: Kind = "personal") -> str:
        document = base64.b64decode(form["document"])
        signer = people.person(person or self.person)
        return base64.b64encode(self.authority.sign_detached(signer, document, at=self.at, kind=kind)).decode()

    def bring(self, form: dict[str, str], signature: str) -> TestResponse:
        """Come back from the signing service."""
        data = {"challenge": form["challenge"], "signature": signature}
        return self.client.post(f"/en/petitions/{self.ref}/joinings", data=data)

    def join(self) -> TestResponse:
        form = self.hidden()
        return self.bring(form, self.sign(form))

    def ask_to_withdraw(self) -> TestResponse:
        """Say so, and go on to the text."""
        return self.client.post(f"/en/my-joinings/{self.petition_id}/withdrawal")

    def bring_withdrawal(self, form: dict[str, str], signature: str) -> TestResponse:
        data = {"challenge": form["challenge"], "signature": signature}
        return self.client.post(f"/en/my-joinings/{self.petition_id}/signed-withdrawal", data=data)

    def withdraw(self) -> TestResponse:
        form = hidden_of(self.ask_to_withdraw())
        return self.bring_withdrawal(form, self.sign(form))


@pytest.fixture
def browser(sqlite_app: Flask, authority: SimulatedAuthority) -> Callable[..., Signer]:
    """Make a signer of a petition that gathers support: ``browser("daniyar")``."""
    made: dict[str, int] = {}

    def make(person: str = "daniyar", petition_id: int | None = None) -> Signer:
        if petition_id is None:
            petition_id = made.setdefault("petition", a_petition_in(State.SUPPORTING))
        at = moment_of(petition_id) + timedelta(hours=1)
        citizen_id = a_citizen(person, at=at)
        client = sqlite_app.test_client()
        law_time(at)
        sign_in(client, citizen_id=citizen_id)
        now = standing(petition_id)
        ref = str(now.id) if now.is_public else now.link_token or ""
        return Signer(client, authority, person, citizen_id, ref, petition_id, at)

    return make


def hidden_of(response: TestResponse) -> dict[str, str]:
    """The hidden fields of a page's forms."""
    tree = html5lib.parse(response.get_data(as_text=True), namespaceHTMLElements=False)
    found = [e for e in tree.iter("input") if e.get("type") == "hidden"]
    return {e.get("name", ""): e.get("value", "") for e in found}
