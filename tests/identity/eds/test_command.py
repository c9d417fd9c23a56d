"""`flask eds verify`: the verdict and everything that can be told about a signature."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from cryptography.hazmat.primitives import serialization
from flask import Flask

from petitions.identity.simulators.authority import Kind, SimulatedAuthority, open_authority
from petitions.identity.simulators.keys import Algorithm
from tests.identity.eds.forging import AIGUL, AT, TEXT


@pytest.fixture
def own(sqlite_app: Flask, tmp_path: Path) -> SimulatedAuthority:
    """The authority of the application's own instance."""
    (tmp_path / "text").write_bytes(TEXT)
    return open_authority(tmp_path)


@pytest.fixture
def ask(sqlite_app: Flask, own: SimulatedAuthority, tmp_path: Path) -> Any:
    def asked(signature: bytes, *arguments: str) -> Result:
        (tmp_path / "signature").write_bytes(signature)
        files = ["--signature", str(tmp_path / "signature"), "--data", str(tmp_path / "text")]
        return sqlite_app.test_cli_runner().invoke(args=["eds", "verify", *files, "--at", AT.isoformat(), *arguments])

    return asked


def signed(own: SimulatedAuthority, kind: Kind = "personal", algorithm: Algorithm = "gost") -> bytes:
    return own.sign_detached(AIGUL, TEXT, at=AT, kind=kind, algorithm=algorithm)


def test_a_good_signature_is_told_whole_without_the_number_of_the_person(ask: Any, own: SimulatedAuthority) -> None:
    result = ask(signed(own))
    assert result.exit_code == 0
    told = result.output
    assert "verdict: accepted" in told
    assert "algorithm: GOST-2015-512" in told
    assert "role: person" in told
    assert f"СЫНАҚОВА АЙГҮЛ АСАНҚЫЗЫ, IIN ********{AIGUL.iin[-4:]}" in told
    assert AIGUL.iin not in told
    assert told.count("issued by: ") == 2
    assert "revocation: good" in told


@pytest.mark.parametrize(
    ("kind", "reason", "role"),
    [
        ("organisation", "organisation", "employee of an organisation"),
        ("revoked", "revoked", "person"),
        ("expired", "expired", "person"),
        ("authentication", "not-for-signing", "person"),
    ],
)
def test_a_refused_one_is_told_too(ask: Any, own: SimulatedAuthority, kind: Kind, reason: str, role: str) -> None:
    result = ask(signed(own, kind), "--json")
    assert result.exit_code == 1
    said = json.loads(result.stdout)
    assert (said["verdict"], said["reason"], said["role"]) == ("refused", reason, role)
    assert said["message"]
    assert len(said["chain"]) == 2
    assert said["revocation"] == ("revoked" if kind == "revoked" else "good")
    assert AIGUL.iin not in result.output


def test_json_names_every_part(ask: Any, own: SimulatedAuthority) -> None:
    said = json.loads(ask(signed(own, algorithm="rsa"), "--json").stdout)
    assert said["algorithm"] == "RSA-SHA256"
    assert said["engine"] == "embedded"
    assert said["reason"] is None
    assert said["signed_at"] == said["at"] == AT.isoformat()
    certificate = own.certificate(AIGUL, at=AT, algorithm="rsa")[0]
    assert said["certificate"]["number"] == f"{certificate.serial_number:x}"
    assert said["certificate"]["to"] == certificate.not_valid_after_utc.isoformat()


def test_base64_and_armour_are_taken_as_well(ask: Any, own: SimulatedAuthority) -> None:
    text = base64.encodebytes(signed(own))
    assert ask(text).exit_code == 0
    assert ask(b"-----BEGIN CMS-----\n" + text + b"-----END CMS-----\n").exit_code == 0


def test_only_the_roots_that_are_named_are_believed(ask: Any, own: SimulatedAuthority, tmp_path: Path) -> None:
    for algorithm, encoding in (("gost", serialization.Encoding.PEM), ("rsa", serialization.Encoding.DER)):
        root = own.branches[algorithm].root  # type: ignore[index]
        (tmp_path / f"{algorithm}.cer").write_bytes(root.public_bytes(encoding))
    both = ["--root", str(tmp_path / "gost.cer"), "--root", str(tmp_path / "rsa.cer")]
    assert ask(signed(own), *both).exit_code == 0
    result = ask(signed(own), "--root", str(tmp_path / "rsa.cer"), "--json")
    said = json.loads(result.stdout)
    assert (result.exit_code, said["reason"], said["chain"]) == (1, "untrusted", [])


def test_the_moment_decides(ask: Any, own: SimulatedAuthority) -> None:
    late = (AT + timedelta(days=400)).isoformat()
    assert json.loads(ask(signed(own), "--at", late, "--json").stdout)["reason"] == "expired"


@pytest.mark.parametrize("signature", [b"", b"nothing", b"\x30\x80" * 100, b"\xff" * 100_000])
def test_what_is_no_signature_is_refused_and_nothing_else_is_told(ask: Any, signature: bytes) -> None:
    result = ask(signature)
    assert result.exit_code == 1
    assert "verdict: refused" in result.output
    assert "subject" not in result.output
    assert "revocation: not known" in result.output


def test_a_question_that_cannot_be_asked_ends_with_two(ask: Any, own: SimulatedAuthority, tmp_path: Path) -> None:
    assert ask(signed(own), "--root", str(tmp_path / "text")).exit_code == 2
    assert ask(signed(own), "--at", "yesterday").exit_code == 2
    assert ask(signed(own), "--root", str(tmp_path / "missing")).exit_code == 2
