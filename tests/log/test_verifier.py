"""The one-file verifier: what it proves, and that it notices each thing a dishonest log could do."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask.testing import FlaskClient

from petitions.db import reading
from petitions.law.states import State
from petitions.log import keys, notes, queries, verifier
from petitions.log.verifier import NotProven, Unreachable, check_petition, files_of, read_checkpoint, read_note
from petitions.tally.queries import counted
from petitions.tally.sealing import seal
from tests.log.a_log import AT, ALog, digest
from tests.making import a_petition_in, joined, moment_of
from tests.signatures.rows import take_back

FILE = Path(verifier.__file__)
WITNESS = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
WITNESS_KEY = notes.vkey("witness.example/w1", notes.public_bytes(WITNESS), verifier.COSIGNATURE)


@pytest.fixture
def log() -> ALog:
    """Three hundred joinings, two of them taken back."""
    return ALog().join(300).take_back(7).take_back(299, "invalidated")


def verify(folder: Path, *arguments: object) -> tuple[int, str]:
    """Run the file as a stranger would: alone in a folder, with the bare interpreter."""
    program = folder / "verifier.py"
    shutil.copy(FILE, program)
    done = subprocess.run(
        [sys.executable, "-I", "-S", program, *map(str, arguments)], cwd=folder, capture_output=True, text=True
    )
    assert not done.stderr or done.returncode == 2, done.stderr
    return done.returncode, done.stdout or done.stderr


def saved(file: Path, text: str) -> Path:
    file.write_text(text)
    return file


@contextmanager
def web_server(folder: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_stranger_checks_a_receipt(tmp_path: Path, log: ALog):
    receipt = saved(tmp_path / "mine.tlog-proof", log.receipt(41))
    code, said = verify(tmp_path, "receipt", receipt, "--key", log.vkey)
    assert code == 0
    assert said == "PROVEN: the joining of 2026-06-01T06:59Z is entry 41 of the 302 entries of demo.invalid/log/12\n"


def test_every_leaf_has_a_receipt_that_verifies(log: ALog):
    for index in (0, 1, 7, 255, 256, 299, 300, 301):
        entry = verifier.check_receipt(verifier.read_receipt(log.receipt(index)), log.verifier_key)
        assert isinstance(entry, verifier.Removal) == (index >= 300)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("index 41", "index 42"),
        ("index 41", "index 302"),
        ("index 41", "index 041"),
        ("extra ", "extra AA"),
        ("extra am9p", "extra Sm9p"),
        ("tlog-proof@v1", "tlog-proof@v2"),
        ("\n302\n", "\n303\n"),
        ("count 300 2", "count 302 0"),
    ],
)
def test_a_receipt_that_somebody_changed_is_not_proven(tmp_path: Path, log: ALog, before: str, after: str):
    text = log.receipt(41)
    assert before in text
    code, said = verify(tmp_path, "receipt", saved(tmp_path / "r", text.replace(before, after, 1)), "--key", log.vkey)
    assert (code, said[:12]) == (1, "NOT PROVEN: ")


def test_a_receipt_without_a_hash_or_with_one_more_is_not_proven(log: ALog):
    lines = log.receipt(41).split("\n")
    for changed in (lines[:3] + lines[4:], [*lines[:3], lines[3], *lines[3:]]):
        with pytest.raises(NotProven, match="path"):
            verifier.check_receipt(verifier.read_receipt("\n".join(changed)), log.verifier_key)


def test_a_receipt_of_another_petition_does_not_serve_for_this_one(log: ALog):
    foreign = ALog(13).join(2)
    log.entries[5] = foreign.entries[0]
    with pytest.raises(NotProven, match="petition 13"):
        verifier.check_receipt(verifier.read_receipt(log.receipt(5)), log.verifier_key)


def test_a_receipt_says_which_witnesses_saw_its_checkpoint(tmp_path: Path, log: ALog):
    line = notes.cosign(read_note(log.checkpoint()).text, "witness.example/w1", WITNESS, AT)
    arguments = ("--key", log.vkey, "--witness", WITNESS_KEY)
    code, said = verify(tmp_path, "receipt", saved(tmp_path / "seen", log.receipt(0, line)), *arguments)
    assert (code, said.strip().rpartition("; ")[2]) == (0, "cosigned by witness.example/w1")
    code, said = verify(tmp_path, "receipt", saved(tmp_path / "unseen", log.receipt(0)), *arguments)
    assert (code, said) == (1, "NOT PROVEN: the checkpoint has no cosignature of witness.example/w1\n")


def test_a_log_that_grew_is_consistent_with_what_was_saved_of_it(tmp_path: Path):
    log = ALog().join(300)
    old, receipt = saved(tmp_path / "old", log.checkpoint()), saved(tmp_path / "receipt", log.receipt(3))
    log.join(700).take_back(3).publish(tmp_path / "site")
    for before in (old, receipt):
        code, said = verify(
            tmp_path,
            "consistency",
            before,
            tmp_path / "site/checkpoint",
            "--from",
            tmp_path / "site",
            "--key",
            log.vkey,
        )
        assert code == 0
        assert said == "PROVEN: the first 300 of the 1001 entries of demo.invalid/log/12 are as they were\n"


@pytest.mark.parametrize("sizes", [(1, 2), (255, 256), (256, 257), (256, 512), (511, 700), (512, 700), (700, 700)])
def test_consistency_is_proven_between_any_sizes(tmp_path: Path, sizes: tuple[int, int]):
    log = ALog().join(700)
    old, new = (read_checkpoint(log.checkpoint(size)) for size in sizes)
    log.entries = log.entries[: sizes[1]]
    verifier.check_growth(old, new, files_of(str(log.publish(tmp_path))), log.verifier_key)


def test_a_rewritten_log_is_not_consistent_though_all_its_files_fit_together(tmp_path: Path):
    log = ALog().join(300)
    old = saved(tmp_path / "old", log.checkpoint())
    log.entries[17] = ALog().join(1000).entries[999]
    site = log.join(300).publish(tmp_path / "site")
    assert verify(tmp_path, "petition", site, "--key", log.vkey)[0] == 0
    code, said = verify(tmp_path, "consistency", old, site / "checkpoint", "--from", site, "--key", log.vkey)
    assert (code, said[:12]) == (1, "NOT PROVEN: ")


def test_a_log_that_shrank_is_not_consistent(tmp_path: Path, log: ALog):
    old, new = read_checkpoint(log.checkpoint()), read_checkpoint(log.checkpoint(200))
    with pytest.raises(NotProven, match="cannot begin"):
        verifier.check_growth(old, new, files_of(str(log.publish(tmp_path))), log.verifier_key)


def test_a_whole_petition_is_recounted_from_its_files(tmp_path: Path, log: ALog):
    site = log.publish(tmp_path / "site")
    code, said = verify(tmp_path, "petition", site, "--key", log.vkey, "--hours", "--territories")
    assert code == 0
    assert said.split("\n") == [
        "PROVEN: demo.invalid/log/12, 302 entries: 300 joinings - 2 removals = 298",
        "hour 2026-06-01T06Z +60 -0",
        "hour 2026-06-01T07Z +240 -0",
        "hour 2026-06-01T08Z +0 -2",
        "territory - 1",
        "territory 710000000 297",
        "",
    ]


def test_a_whole_petition_is_recounted_over_the_web(tmp_path: Path, log: ALog):
    log.publish(tmp_path / "site")
    with web_server(tmp_path / "site") as address:
        code, said = verify(tmp_path, "petition", address + "/", "--key", log.vkey)
        assert (code, said[:8]) == (0, "PROVEN: ")
        code, said = verify(tmp_path, "petition", f"{address}/elsewhere", "--key", log.vkey)
        assert (code, said[:14]) == (3, "CANNOT CHECK: ")


def test_a_full_tile_serves_where_the_partial_one_is_gone(tmp_path: Path):
    log = ALog().join(300)
    checkpoint, territories = log.checkpoint(), log.territories_file()
    log.territories = territories
    site = log.join(300).publish(tmp_path)
    (site / "checkpoint").write_text(checkpoint)
    assert not (site / "tile/entries/001.p/44").exists()
    assert check_petition(files_of(str(site)), log.verifier_key).count == 300


def cut(site: Path, log: ALog) -> None:
    file = site / "tile/entries/001.p/46"
    file.write_bytes(file.read_bytes()[:-1])


def forged(site: Path, log: ALog) -> None:
    file = site / "tile/entries/000"
    file.write_bytes(file.read_bytes().replace(digest("who 9").encode(), digest("who else").encode()))


def other_territories(site: Path, log: ALog) -> None:
    (site / "territories").write_text("- 2\n710000000 296\n")


def republished(change: str, log: ALog, site: Path) -> None:
    log.territories = change
    log.publish(site)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (cut, "too short"),
        (forged, "do not make the root"),
        (other_territories, "whose hash the log signed"),
        (lambda site, log: republished("- 1\n710000000 298\n", log, site), "add up to 299, not to 298"),
        (lambda site, log: republished("710000000 297\n- 1\n", log, site), "not sorted"),
        (lambda site, log: republished("- 0\n710000000 298\n", log, site), "not sorted"),
        (lambda site, log: republished("- 1\n710000000 297", log, site), "newline|add up"),
        (lambda site, log: ALog(seed=b"x" * 32).join(300).publish(site), "no signature"),
        (lambda site, log: ALog(13).join(300).publish(site), r"demo.invalid/log/13"),
        (lambda site, log: log.take_back(7).publish(site), "removes entry 7, which is no joining in force"),
        (lambda site, log: log.take_back(300).publish(site), "removes entry 300, which is no joining in force"),
        (lambda site, log: log.take_back(303).publish(site), "removes entry 303, which is no joining in force"),
        (lambda site, log: log.take_back(999).publish(site), "removes entry 999, which is no joining in force"),
        (
            lambda site, log: log.entries.append(b"joining\n12\n") or log.publish(site),
            "neither a joining nor a removal",
        ),
        (lambda site, log: log.entries.append(ALog(1).join().entries[0]) or log.publish(site), "petition 1 stands"),
    ],
)
def test_a_dishonest_log_is_found_out(tmp_path: Path, log: ALog, spoil, why: str):
    log.publish(tmp_path)
    spoil(tmp_path, log)
    with pytest.raises(NotProven, match=why):
        check_petition(files_of(str(tmp_path)), log.verifier_key, pause=0)


def test_a_count_above_the_entries_is_found_out_though_it_is_signed(tmp_path: Path, log: ALog):
    site = log.publish(tmp_path)
    text = read_note(log.checkpoint()).text.replace("count 300 2", "count 301 1")
    (site / "checkpoint").write_text(notes.sign_note(text, log.origin, log.key))
    with pytest.raises(NotProven, match="count 301 1"):
        check_petition(files_of(str(site)), log.verifier_key, pause=0)


@pytest.mark.parametrize(
    "entry",
    [
        b"joining\n12\n" + b"A" * 64 + b"\n" + b"0" * 64 + b"\n2026-06-01T06:59Z\n",
        b"joining\n12\n" + b"a" * 64 + b"\n" + b"0" * 64 + b"\n2026-06-31T06:59Z\n",
        b"joining\n12\n" + b"a" * 64 + b"\n" + b"0" * 64 + b"\n2026-06-01T06:59Z",
        b"joining\n12\n" + b"a" * 64 + b"\n" + b"0" * 64 + b"\n2026-06-01T06:59Z\n\n",
        b"joining\n012\n" + b"a" * 64 + b"\n" + b"0" * 64 + b"\n2026-06-01T06:59Z\n",
        b"removal\n12\n3\n2026-06-01T06:59Z\nforgotten\n",
        b"removal\n12\n-3\n2026-06-01T06:59Z\nwithdrawn\n",
        b"",
    ],
)
def test_an_entry_has_one_form_only(entry: bytes):
    with pytest.raises(verifier.Malformed):
        verifier.read_entry(entry)


def test_a_site_that_moves_on_between_two_readings_is_read_again(tmp_path: Path, log: ALog):
    before = files_of(str(ALog().join(20).publish(tmp_path / "before")))
    after = files_of(str(log.publish(tmp_path / "after")))
    asked: list[str] = []

    def moving(name: str) -> bytes:
        asked.append(name)
        return (before if asked == ["checkpoint"] else after)(name)

    assert check_petition(moving, log.verifier_key, pause=0).count == 298
    assert asked[:4] == ["checkpoint", "territories"] * 2


def test_a_kept_and_a_broken_promise_are_told_apart(tmp_path: Path, log: ALog):
    site = log.publish(tmp_path / "site")
    kept = saved(tmp_path / "kept", notes.promise(log.origin, log.leaves[256], AT, log.key))
    broken = saved(tmp_path / "broken", notes.promise(log.origin, verifier.leaf_hash(b"lost"), AT, log.key))
    assert verify(tmp_path, "promise", broken, "--key", log.vkey)[0] == 0
    code, said = verify(tmp_path, "promise", kept, "--key", log.vkey, "--from", site)
    assert (code, "by entry 256" in said) == (0, True)
    code, said = verify(tmp_path, "promise", broken, "--key", log.vkey, "--from", site)
    assert (code, "is not kept" in said) == (1, True)


def test_wrong_arguments_and_missing_files_have_codes_of_their_own(tmp_path: Path, log: ALog):
    assert verify(tmp_path, "receipt", "absent", "--key", log.vkey)[0] == 3
    assert verify(tmp_path, "receipt", "absent", "--key", log.vkey[:-2])[0] == 2
    assert verify(tmp_path, "receipt")[0] == 2
    assert verify(tmp_path)[0] == 2


def test_a_tile_beyond_the_first_thousand_has_a_longer_name():
    asked: list[str] = []

    def absent(name: str) -> bytes:
        asked.append(name)
        raise Unreachable(name)

    for n in (0, 999, 1000, 1_234_067):
        with pytest.raises(Unreachable):
            verifier._tile(absent, "entries", n, n * 256 + 256)
    assert asked == [
        "tile/entries/000",
        "tile/entries/999",
        "tile/entries/x001/000",
        "tile/entries/x001/x234/067",
    ]


def test_the_site_itself_passes_its_own_verifier(client: FlaskClient, sqlite_app: object):
    petition = a_petition_in(State.OPEN)
    at = moment_of(petition) + timedelta(hours=1)
    signers = joined(petition, 300, at)
    take_back(petition, signers[4], at + timedelta(hours=1))
    seal(at + timedelta(hours=1))

    def fetch(name: str) -> bytes:
        answer = client.get(f"/log/{petition}/{name}")
        if answer.status_code != 200:
            raise Unreachable(name)
        return answer.data

    key = verifier.VerifierKey.parse(keys.vkey_of(petition))
    found = check_petition(fetch, key)
    assert found.removals == 1
    with reading() as session:
        assert found.count == counted(session, petition).count
        receipt = verifier.read_receipt(queries.receipt(session, petition, 299))
    assert isinstance(verifier.check_receipt(receipt, key), verifier.Joining)
    checkpoint = found.checkpoint
    joined(petition, 5, at + timedelta(hours=2))
    verifier.check_growth(checkpoint, read_checkpoint(fetch("checkpoint").decode()), fetch, key)
