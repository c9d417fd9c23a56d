"""A phone with the app eGov Mobile, as the site hears it: no cookie, no form, only the token of the first call."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Flask
from werkzeug.test import Client, TestResponse

from petitions.identity.simulators.authority import Kind, SimulatedAuthority
from petitions.identity.simulators.people import Person, person


@dataclass
class Phone:
    """``holder`` signs with their own certificate unless a test says otherwise."""

    app: Flask
    authority: SimulatedAuthority
    holder: str
    at: datetime
    language: str = "en"
    token: str = field(default="", repr=False)
    request_id: str = ""

    def scan(self, page: TestResponse) -> TestResponse:
        """Read the code on a page and make the first call."""
        self.request_id = request_of(page)
        return self.call_first()

    def call_first(self) -> TestResponse:
        heard = self._call("GET", f"/egov-mobile/{self.request_id}", token="")
        if heard.status_code == 200:
            self.token = heard.json["document"]["auth_token"]
        return heard

    def fetch(self) -> TestResponse:
        return self._call("GET", f"/egov-mobile/{self.request_id}/document")

    def text(self) -> bytes:
        (paper,) = self.fetch().json["documentsToSign"]
        return base64.b64decode(paper["document"]["file"]["data"])

    def signature(self, text: bytes, *, by: str = "", kind: Kind = "personal") -> str:
        signer: Person = person(by or self.holder)
        return base64.b64encode(self.authority.sign_detached(signer, text, at=self.at, kind=kind)).decode()

    def put(self, signature: str) -> TestResponse:
        paper = {"id": 1, "document": {"file": {"mime": "text/plain", "data": signature}}}
        return self.send({"signMethod": "CMS_SIGN_ONLY", "version": 1, "documentsToSign": [paper]})

    def send(self, body: Any) -> TestResponse:
        return self._call("PUT", f"/egov-mobile/{self.request_id}/document", body)

    def sign(self, page: TestResponse, *, by: str = "", kind: Kind = "personal") -> TestResponse:
        """Scan, read, sign, send."""
        self.scan(page)
        return self.put(self.signature(self.text(), by=by, kind=kind))

    def refuse(self) -> TestResponse:
        return self.send(self.fetch().json | {"status": "CANCELED"})

    def _call(self, method: str, path: str, body: Any = None, token: str | None = None) -> TestResponse:
        sent = self.token if token is None else token
        headers = {"Accept-Language": self.language} | ({"Authorization": f"Bearer {sent}"} if sent else {})
        heard = Client(self.app).open(path, method=method, headers=headers, json=body)
        assert "Set-Cookie" not in heard.headers
        return heard


def request_of(page: TestResponse) -> str:
    """The request that a page of signing waits for."""
    found = re.search(r'data-state-url="/(?:kk|ru|en)/signing-requests/([a-z]{32})/state.json"', page.text)
    assert found, page.text
    return found[1]
