"""A witness cosigns a log that grows, and never one that forked, shrank or was signed by somebody else."""

from __future__ import annotations

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from werkzeug.test import Client, TestResponse

from petitions.log import notes
from petitions.log.verifier import Malformed, VerifierKey, check_signed, read_checkpoint, read_note, root_of
from petitions.log.witness import Logs, Witness, every_log, make_witness
from tests.log.a_log import ALog

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
NAME = "newsroom.example/witness"


def witness_in(folder: Path, *log_keys: str) -> Witness:
    known = log_keys or (every_log("demo.invalid/log", notes.public_bytes(ALog().key)),)
    logs = [Logs.parse(text) for text in known]
    return make_witness(NAME, folder / "key", logs, folder / "state", lambda: NOW)


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return witness_in(tmp_path)


def post(witness: Witness, body: str | bytes) -> TestResponse:
    return Client(witness).post("/add-checkpoint", data=body)


def call(log: ALog, old: int, new: int | None = None, *, proof: list[bytes] | None = None) -> str:
    size = len(log.entries) if new is None else new
    path = proof if proof is not None else log.consistency(old, size) if 0 < old < size else []
    lines = "".join(f"{base64.b64encode(one).decode()}\n" for one in path)
    return f"old {old}\n{lines}\n{log.checkpoint(size)}"


def cosigned(log: ALog, answer: TestResponse, witness: Witness, size: int) -> None:
    assert answer.status_code == 200, answer.text
    note = read_note(log.checkpoint(size) + answer.text)
    assert check_signed(note, VerifierKey.parse(witness.vkey)) == NOW.timestamp()


def conflict(answer: TestResponse, size: int) -> None:
    assert (answer.status_code, answer.content_type, answer.text) == (409, "text/x.tlog.size", f"{size}\n")


def test_a_log_that_grows_is_cosigned_step_by_step(witness: Witness):
    log, before = ALog().join(700), 0
    for size in (1, 2, 255, 256, 257, 700):
        cosigned(log, post(witness, call(log, before, size)), witness, size)
        before = size


def test_a_log_first_seen_large_is_cosigned(witness: Witness):
    log = ALog().join(300)
    cosigned(log, post(witness, call(log, 0)), witness, 300)


def test_the_same_checkpoint_is_cosigned_again(witness: Witness):
    log = ALog().join(5)
    for old in (0, 5):
        cosigned(log, post(witness, call(log, old)), witness, 5)


def test_who_does_not_know_what_was_seen_last_is_told(witness: Witness):
    log = ALog().join(9)
    post(witness, call(log, 0, 5))
    conflict(post(witness, call(log, 0)), 5)
    conflict(post(witness, call(log, 4)), 5)
    conflict(post(witness, call(log, 7)), 5)


def test_two_logs_of_one_size_are_never_both_cosigned(witness: Witness, caplog: pytest.LogCaptureFixture):
    log, fork = ALog().join(9), ALog().join(8).take_back(3)
    cosigned(log, post(witness, call(log, 0)), witness, 9)
    for old in (0, 9):
        conflict(post(witness, call(fork, old)), 9)
    (said, *_) = [record.getMessage() for record in caplog.records]
    assert log.checkpoint() in said, "both signed checkpoints are the evidence"
    assert fork.checkpoint() in said


def test_a_rewritten_log_is_refused_whatever_it_sends_as_proof(witness: Witness):
    log, fork = ALog().join(9), ALog().take_back(0).join(20)
    post(witness, call(log, 0))
    for proof in (fork.consistency(9), [], log.join(12).consistency(9), [b"0" * 32] * 5):
        assert post(witness, call(fork, 9, proof=proof)).status_code == 422
    cosigned(log, post(witness, call(log, 9)), witness, 21)


def test_a_log_never_goes_back(witness: Witness):
    log = ALog().join(9)
    post(witness, call(log, 0))
    conflict(post(witness, call(log, 0, 5)), 9)
    conflict(post(witness, call(log, 5, 5)), 9)
    assert post(witness, call(log, 9, 5)).status_code == 400


def test_what_was_seen_outlives_the_process(tmp_path: Path):
    log, fork = ALog().join(9), ALog().join(3).take_back(1).join(9)
    first = witness_in(tmp_path)
    post(first, call(log, 0))
    again = witness_in(tmp_path)
    assert again.vkey == first.vkey
    assert post(again, call(fork, 9)).status_code == 422
    conflict(post(again, call(fork, 0)), 9)


def test_two_callers_at_once_cannot_both_go_on_from_one_tree(witness: Witness):
    trunk = ALog().join(10)
    post(witness, call(trunk, 0))
    branches = []
    for number in range(12):
        branch = ALog().join(10)
        branches.append(branch.join(1 + number).take_back(number % 10))
    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(lambda branch: post(witness, call(branch, 10)), branches))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 11


def test_only_the_known_key_and_the_known_logs_are_cosigned(witness: Witness):
    stranger = ALog(seed=b"x" * 32).join(3)
    assert post(witness, call(stranger, 0)).status_code == 403
    elsewhere = ALog().join(3)
    for origin in ("other.invalid/log/12", "demo.invalid/log/012", "demo.invalid/log/", "demo.invalid/log/12/13"):
        elsewhere.origin = origin
        assert post(witness, call(elsewhere, 0)).status_code == 404, origin


def test_every_petition_of_the_site_has_a_memory_of_its_own(witness: Witness):
    for petition_id in (1, 2, 987654):
        log = ALog(petition_id).join(petition_id % 10)
        cosigned(log, post(witness, call(log, 0)), witness, len(log.entries))


def test_a_witness_may_look_after_one_petition_only(tmp_path: Path):
    witness = witness_in(tmp_path, ALog(12).vkey)
    assert post(witness, call(ALog(12).join(), 0)).status_code == 200
    assert post(witness, call(ALog(13).join(), 0)).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        "",
        "old 0",
        "old 0\n\n",
        "old 0\n\nnot a checkpoint\n",
        "new 0\n\n{note}",
        "old 00\n\n{note}",
        "old -1\n\n{note}",
        "old 1\nAAAA\n\n{note}",
        "old 1\nnot base64\n\n{note}",
        "old 1\n" + "A" * 43 + "=\n" * 1 + ("A" * 43 + "=\n") * 63 + "\n{note}",
        "old 99\n\n{note}",
        b"old 0\n\n\xff\xfe",
    ],
)
def test_what_is_no_call_is_a_bad_request(witness: Witness, body: str | bytes):
    text = body if isinstance(body, bytes) else body.replace("{note}", ALog().join(3).checkpoint())
    answer = post(witness, text)
    assert answer.status_code == 400
    assert "—" not in answer.text


def test_a_long_body_is_not_read(witness: Witness):
    assert post(witness, b"x" * 100_000).status_code == 413


def test_a_proof_for_an_empty_memory_must_be_empty(witness: Witness):
    assert post(witness, call(ALog().join(3), 0, proof=[root_of([])])).status_code == 422


def test_cosignatures_of_others_beside_the_logs_signature_do_no_harm(witness: Witness):
    log = ALog().join(3)
    other = notes.cosign(read_checkpoint(log.checkpoint()).note.text, "other.example", ALog(seed=b"o" * 32).key, NOW)
    assert post(witness, call(log, 0) + other).status_code == 200


def test_a_witness_tells_its_key_and_nothing_else(witness: Witness):
    client = Client(witness)
    assert client.get("/").text == f"{witness.vkey}\n"
    assert client.get("/add-checkpoint").status_code == 405
    assert client.get("/state").status_code == 404


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path: Path):
    assert witness_in(tmp_path).vkey == witness_in(tmp_path).vkey
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_names_and_keys_that_cannot_be_used_are_refused(tmp_path: Path):
    with pytest.raises(Malformed):
        make_witness("a name", tmp_path / "key", [], tmp_path / "state", lambda: NOW)
    witness_key = notes.vkey(NAME, notes.public_bytes(ALog().key), 4)
    for text in (witness_key, "demo.invalid/log/*", "demo.invalid/log/*+AAAA", "", f"{NAME}/*+{witness_key}"):
        with pytest.raises(Malformed):
            Logs.parse(text)
