"""The public files of a log, as C2SP tlog-tiles names them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from petitions.law.states import State
from petitions.log import keys
from petitions.log.verifier import VerifierKey, check_log_signature, leaf_hash, read_checkpoint, root_of
from tests.making import a_petition_in, joined, moment_of, record


@pytest.fixture
def opened(sqlite_app: object) -> int:
    petition = a_petition_in(State.OPEN)
    joined(petition, 260, moment_of(petition) + timedelta(hours=1))
    return petition


def unpacked(bundle: bytes) -> list[bytes]:
    found = []
    while bundle:
        length = int.from_bytes(bundle[:2], "big")
        found.append(bundle[2 : 2 + length])
        bundle = bundle[2 + length :]
    return found


def test_checkpoint_tiles_and_entries_are_one_log(client: FlaskClient, opened: int):
    checkpoint = read_checkpoint(client.get(f"/log/{opened}/checkpoint").text)
    check_log_signature(checkpoint, VerifierKey.parse(keys.vkey_of(opened)))
    rest = checkpoint.size - 256
    hashes = client.get(f"/log/{opened}/tile/0/000").data + client.get(f"/log/{opened}/tile/0/001.p/{rest}").data
    entries = unpacked(client.get(f"/log/{opened}/tile/entries/000").data)
    entries += unpacked(client.get(f"/log/{opened}/tile/entries/001.p/{rest}").data)
    leaves = [leaf_hash(entry) for entry in entries]
    assert b"".join(leaves) == hashes
    assert root_of(leaves) == checkpoint.root


def test_what_can_never_change_may_be_kept_for_ever(client: FlaskClient, opened: int):
    assert "immutable" in client.get(f"/log/{opened}/tile/0/000").headers["Cache-Control"]
    assert "immutable" in client.get(f"/log/{opened}/tile/0/001.p/2").headers["Cache-Control"]
    assert "immutable" not in client.get(f"/log/{opened}/checkpoint").headers["Cache-Control"]


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/001",  # not full yet
        "tile/0/001.p/255",
        "tile/0/002.p/1",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/9/000",
        "tile/0/0",
        "tile/0/x000",
        "tile/0/x999/x999/x999/x999/999",
        "tile/0/" + "x000/" * 1500 + "000",
        "tile/entries/001",
        "tile/entries/../000",
        "tile/entries/x001/000.p/1",
        "elsewhere",
    ],
)
def test_what_is_not_there_is_not_found(client: FlaskClient, opened: int, path: str):
    assert client.get(f"/log/{opened}/{path}").status_code == 404


@pytest.mark.parametrize("state", [State.SUPPORTING, State.CHECKING])
def test_a_log_is_public_only_when_its_petition_is(client: FlaskClient, sqlite_app: object, state: State):
    petition = a_petition_in(state)
    joined(petition, 1, moment_of(petition) + timedelta(hours=1))
    for path in ("checkpoint", "territories", "tile/0/000.p/1", "tile/entries/000.p/1"):
        assert client.get(f"/log/{petition}/{path}").status_code == 404


def test_the_count_of_a_petition_that_was_taken_down_stays_provable(client: FlaskClient, opened: int):
    record(opened, "taken_down", moment_of(opened) + timedelta(hours=2), act="Court order No 1")
    assert client.get(f"/log/{opened}/checkpoint").status_code == 200


def test_the_verifier_is_one_file_that_anybody_may_read(client: FlaskClient, sqlite_app: object):
    assert "def check_inclusion" in client.get("/log/verifier.py").text
    assert client.get("/log/key").text.startswith("Ed25519 ")


def test_numbers_beyond_reason_are_not_found(client: FlaskClient, sqlite_app: object):
    assert client.get(f"/log/{10**30}/checkpoint").status_code == 404
