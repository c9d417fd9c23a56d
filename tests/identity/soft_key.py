"""A device with passkeys, in software: what a browser and its authenticator do together (WebAuthn, level 2)."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

USER_PRESENT, USER_VERIFIED, KEY_ATTACHED = 0x01, 0x04, 0x40


@dataclass
class SoftKey:
    """One key of one device. What is wrong with an answer can be chosen; ``counts`` like a security key, or not."""

    origin: str = "http://localhost"
    party: str = "localhost"
    verified: bool = True
    counts: bool = False
    id: bytes = field(default_factory=lambda: os.urandom(32))
    uses: int = 0
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options: dict[str, Any]) -> str:
        """What navigator.credentials.create answers, as the page sends it."""
        point = self.private.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        attached = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(public)
        told = {"fmt": "none", "attStmt": {}, "authData": self._told(KEY_ATTACHED) + attached}
        response = {"clientDataJSON": self._client("webauthn.create", options), "attestationObject": cbor2.dumps(told)}
        return self._answer(response)

    def use(self, options: dict[str, Any]) -> str:
        """What navigator.credentials.get answers, as the page sends it."""
        self.uses += self.counts
        told, client = self._told(), self._client("webauthn.get", options)
        signature = self.private.sign(told + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer({"clientDataJSON": client, "authenticatorData": told, "signature": signature})

    def _told(self, flags: int = 0) -> bytes:
        flags |= USER_PRESENT | (USER_VERIFIED if self.verified else 0)
        return hashlib.sha256(self.party.encode()).digest() + bytes([flags]) + self.uses.to_bytes(4, "big")

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": self.origin}).encode()

    def _answer(self, response: dict[str, bytes]) -> str:
        told = {name: _text(value) for name, value in response.items()}
        return json.dumps({"id": _text(self.id), "rawId": _text(self.id), "type": "public-key", "response": told})


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
