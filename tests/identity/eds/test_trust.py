"""Whom we believe and who was revoked: files and folders that change under a running process."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.hashes import SHA256

from petitions.identity.eds import SignatureRefused, TrustStore, verify_detached
from petitions.identity.eds.der import subject_name
from petitions.identity.simulators import certificates
from petitions.identity.simulators.authority import BEGINS, ENDS, SimulatedAuthority, open_authority
from petitions.identity.simulators.keys import RsaKey, made_once
from tests.identity.eds.forging import AIGUL, AT, TEXT, Forger, verdict

DAY = timedelta(days=1)
HELD, LIFTED = x509.ReasonFlags.certificate_hold, x509.ReasonFlags.remove_from_crl


@pytest.fixture(autouse=True)
def looked_at_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("petitions.identity.eds.trust.RELOAD_SECONDS", 0)


def pem_of_only_the_root(forger: Forger, place: Path) -> Path:
    place.write_bytes(forger.branch.root.public_bytes(serialization.Encoding.PEM))
    return place


def der_list(forger: Forger, *revoked: int, at: datetime = AT - DAY, until: datetime = AT + DAY) -> bytes:
    """The authority's whole list."""
    numbers = dict.fromkeys(revoked, at)
    return certificates.revocation_list(forger.branch.issuer, numbers, at, until)


def special_list(
    rsa: Forger,
    revoked: Mapping[int, x509.ReasonFlags | None],
    *extensions: tuple[x509.ExtensionType, bool],
    at: datetime = AT - DAY,
    until: datetime = AT + DAY,
) -> bytes:
    """A list with reasons and extensions, DER."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(rsa.ca.subject).last_update(at).next_update(until)
    for number, reason in revoked.items():
        entry = x509.RevokedCertificateBuilder().serial_number(number).revocation_date(at)
        if reason is not None:
            entry = entry.add_extension(x509.CRLReason(reason), critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    key = rsa.branch.ca_key
    assert isinstance(key, RsaKey)
    return builder.sign(key.private, SHA256()).public_bytes(serialization.Encoding.DER)


def about(**only: bool) -> tuple[x509.ExtensionType, bool]:
    """A list that is about some certificates only."""
    nothing = {"only_contains_user_certs": False, "only_contains_ca_certs": False, "indirect_crl": False}
    point = x509.IssuingDistributionPoint(
        full_name=None,
        relative_name=None,
        only_some_reasons=None,
        **{**nothing, "only_contains_attribute_certs": False, **only},
    )
    return point, True


DELTA = (x509.DeltaCRLIndicator(1), True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "lists"
    made.mkdir()
    return made


@pytest.fixture
def number(rsa: Forger) -> int:
    return rsa.certificate()[0].serial_number


Answer = Callable[[], str]


@pytest.fixture
def answer(rsa: Forger, roots: Path, folder: Path) -> Answer:
    """What the lists of the folder say of Aigul's certificate now."""
    store, good = TrustStore(roots, folder), rsa.good()

    def asked() -> str:
        try:
            return verify_detached(good, TEXT, trust=store, at=AT).revocation
        except SignatureRefused as refused:
            return refused.reason_code

    return asked


def test_an_intermediate_that_came_along_is_believed_under_its_root(forger: Forger, pki: Path, tmp_path: Path) -> None:
    store = TrustStore(pem_of_only_the_root(forger, tmp_path / "root.pem"), pki / "crl.pem")
    assert verdict(forger.good(), store) == "accepted"
    assert verdict(forger.made(others=[]), store) == "untrusted"


def test_roots_are_read_from_folders_and_files_in_either_encoding(forger: Forger, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a certificate")
    store = TrustStore(tmp_path, None)
    assert verdict(forger.good(), store) == "untrusted"
    (tmp_path / "root.cer").write_bytes(forger.branch.root.public_bytes(serialization.Encoding.DER))
    assert verdict(forger.good(), store) == "accepted"
    both = TrustStore((tmp_path / "root.cer", pem_of_only_the_root(forger, tmp_path / "root.pem")), None)
    assert verdict(forger.good(), both) == "accepted"


def test_an_authority_that_cannot_be_checked_spoils_none_of_the_others(
    rsa: Forger, gost: Forger, roots: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The operator's folder holds one whose algorithm is unknown: the others are believed all the same."""
    strange = gost.ca.public_bytes(serialization.Encoding.DER).replace(
        bytes.fromhex("2a830e030a0101020302"), bytes.fromhex("2a830e030a0101020301")
    )
    (tmp_path / "strange.cer").write_bytes(strange)
    (tmp_path / "roots.pem").write_bytes(roots.read_bytes())
    with caplog.at_level(logging.WARNING):
        assert verdict(rsa.good(), TrustStore(tmp_path, None)) == "accepted"
    assert "left out" in caplog.text


def test_roots_that_break_are_reported_and_those_before_still_believed(
    forger: Forger, roots: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    place = tmp_path / "roots.pem"
    place.write_bytes(roots.read_bytes())
    store = TrustStore(place, None)
    assert verdict(forger.good(), store) == "accepted"
    place.write_bytes(roots.read_bytes()[:-100])
    with caplog.at_level(logging.ERROR):
        assert verdict(forger.good(), store) == "accepted"
    assert "still believed" in caplog.text
    with pytest.raises(ValueError, match="in the middle of a certificate"):
        TrustStore(place, None).refresh()


def test_without_a_list_revocation_is_left_open(forger: Forger, without_lists: TrustStore) -> None:
    assert verify_detached(forger.good(), TEXT, trust=without_lists, at=AT).revocation == "unchecked"


@pytest.mark.parametrize("name", ["ca.crl", "ca.pem"])
def test_a_new_list_counts_without_a_restart(forger: Forger, roots: Path, folder: Path, name: str) -> None:
    store, good = TrustStore(roots, folder), forger.good()
    assert verify_detached(good, TEXT, trust=store, at=AT).revocation == "unchecked"
    list_now = x509.load_der_x509_crl(der_list(forger, 5))
    encoding = serialization.Encoding.DER if name.endswith("crl") else serialization.Encoding.PEM
    (folder / name).write_bytes(list_now.public_bytes(encoding))
    assert verify_detached(good, TEXT, trust=store, at=AT).revocation == "good"
    list_now = x509.load_der_x509_crl(der_list(forger, 5, forger.certificate()[0].serial_number))
    (folder / name).write_bytes(list_now.public_bytes(encoding))
    assert verdict(good, store) == "revoked"


def test_a_list_of_somebody_else_says_nothing(forger: Forger, roots: Path, folder: Path) -> None:
    """Signed by another key under the authority's name."""
    key = type(forger.branch.ca_key).make()  # type: ignore[attr-defined]
    impostor = certificates.Issuer(forger.branch.issuer.name, key)
    number = forger.certificate()[0].serial_number
    forged = certificates.revocation_list(impostor, {number: AT - DAY}, AT - DAY, AT + DAY)
    (folder / "forged.crl").write_bytes(forged)
    store = TrustStore(roots, folder)
    assert verify_detached(forger.good(), TEXT, trust=store, at=AT).revocation == "unchecked"


def test_a_file_that_breaks_is_reported_and_what_it_said_holds(
    answer: Answer, rsa: Forger, number: int, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "ca.crl").write_bytes(der_list(rsa, number))
    assert answer() == "revoked"
    (folder / "ca.crl").write_bytes(der_list(rsa, number)[:-9])
    with caplog.at_level(logging.WARNING):
        assert answer() == "revoked"
    assert "ca.crl" in caplog.text
    (folder / "ca.crl").write_bytes(der_list(rsa))
    assert answer() == "good"


def test_an_old_list_clears_nobody_but_revoked_stays_revoked(
    answer: Answer, rsa: Forger, number: int, folder: Path
) -> None:
    (folder / "ca.crl").write_bytes(der_list(rsa, until=AT - timedelta(hours=1)))
    assert answer() == "unchecked"
    (folder / "ca.crl").write_bytes(der_list(rsa, number, until=AT - timedelta(hours=1)))
    assert answer() == "revoked"


def test_only_a_hold_on_an_old_list_may_have_been_lifted(
    answer: Answer, rsa: Forger, number: int, folder: Path
) -> None:
    (folder / "ca.crl").write_bytes(special_list(rsa, {number: HELD}))
    assert answer() == "revoked"
    (folder / "ca.crl").write_bytes(special_list(rsa, {number: HELD}, until=AT - timedelta(hours=1)))
    assert answer() == "unchecked"


def test_a_delta_revokes_and_lifts_but_clears_nobody_alone(
    answer: Answer, rsa: Forger, number: int, folder: Path
) -> None:
    (folder / "delta.crl").write_bytes(special_list(rsa, {5: None}, DELTA))
    assert answer() == "unchecked"
    (folder / "ca.crl").write_bytes(special_list(rsa, {5: None}, at=AT - 2 * DAY))
    assert answer() == "good"
    (folder / "delta.crl").write_bytes(special_list(rsa, {number: None}, DELTA))
    assert answer() == "revoked"
    (folder / "ca.crl").write_bytes(special_list(rsa, {number: HELD}, at=AT - 2 * DAY))
    (folder / "delta.crl").write_bytes(special_list(rsa, {number: LIFTED}, DELTA))
    assert answer() == "good"
    (folder / "ca.crl").write_bytes(special_list(rsa, {number: HELD}, at=AT - timedelta(hours=1)))
    assert answer() == "revoked", "held again after it had been lifted"


@pytest.mark.parametrize(
    ("extension", "expected"),
    [
        (about(only_contains_user_certs=True), "good"),
        (about(only_contains_ca_certs=True), "unchecked"),
        (about(only_contains_attribute_certs=True), "unchecked"),
        (about(indirect_crl=True), "unchecked"),
        ((x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3"), b"\x05\x00"), True), "unchecked"),
        ((x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3"), b"\x05\x00"), False), "good"),
    ],
)
def test_a_list_about_others_only_clears_nobody(
    extension: tuple[x509.ExtensionType, bool], expected: str, answer: Answer, rsa: Forger, number: int, folder: Path
) -> None:
    (folder / "ca.crl").write_bytes(special_list(rsa, {5: None}, extension))
    assert answer() == expected
    (folder / "ca.crl").write_bytes(special_list(rsa, {number: None}, extension))
    assert answer() == "revoked"


def test_an_authority_that_was_revoked_itself_is_not_believed(forger: Forger, roots: Path, folder: Path) -> None:
    name = subject_name(forger.branch.root.tbs_certificate_bytes)
    root = certificates.Issuer(name, made_once(forger.algorithm, "root"))
    own = certificates.revocation_list(root, {forger.ca.serial_number: AT - DAY}, AT - DAY, AT + DAY)
    (folder / "root.crl").write_bytes(own)
    assert verdict(forger.good(), TrustStore(roots, folder)) == "revoked"


def test_an_instance_of_an_older_make_is_made_anew(tmp_path: Path) -> None:
    """Before GOST the folder held RSA alone."""
    old = tmp_path / "simulator-pki"
    old.mkdir()
    (old / "roots.pem").write_text("old")
    made = open_authority(tmp_path)
    assert isinstance(made, SimulatedAuthority)
    assert b"CERTIFICATE" in (old / "roots.pem").read_bytes()
    signature = made.sign_detached(AIGUL, TEXT, at=AT)
    assert verdict(signature, TrustStore(old / "roots.pem", old / "crl.pem")) == "accepted"
    assert not list(tmp_path.glob("*.old"))


def test_the_simulated_lists_hold_for_the_whole_time_of_the_demonstration(forger: Forger) -> None:
    listed = x509.load_der_x509_crl(forger.authority.crl(forger.algorithm))
    assert (listed.last_update_utc, listed.next_update_utc) == (BEGINS, ENDS)
    assert len(listed) > 100
    assert datetime(2060, 1, 1, tzinfo=UTC) < ENDS
