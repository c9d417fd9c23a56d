"""The verifying page's own arithmetic, in a real browser: against RFC 8032 and against the house's logs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Page, Route

from petitions.log import notes
from petitions.log.verifier import COSIGNATURE
from tests.log.a_log import AT, ALog

# RFC 8032, 7.1: public key, message, signature
VECTORS = {
    "empty": (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    "one byte": (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    "two bytes": (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    "SHA of abc": (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
        "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
}
ORDER = 2**252 + 27742317777372353535851937790883648493
VERIFIES = """async ([key, message, signature]) => {
  const { verifies } = await import("/static/js/ed25519.js");
  const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  return verifies(bytes(key), bytes(message), bytes(signature));
}"""

# Texts are checked against whom the test trusts, and compared with the log of now that the test serves.
CHECK = """async ([texts, vkey, witnesses, now]) => {
  // By the addresses that the page itself uses: another address is another copy of the module, with errors of its own.
  const page = await (await fetch("/static/js/verify-receipt.js")).text();
  const module = (name) => import(new URL(page.match(`"\\./(${name}[^"]*)"`)[1], `${location.origin}/static/js/`));
  const { check, fromBase64, readWitnessKey, walk } = await module("log-proof");
  const { NOW } = await module("log-tiles");
  const key = fromBase64(vkey.slice(vkey.indexOf("+", vkey.indexOf("+") + 1) + 1)).subarray(1);
  const site = { origin: "demo.invalid/log", key, witnesses: witnesses.map(readWitnessKey) };
  const answers = [];
  for (const text of texts) {
    let result = await check(text, site);
    if (now && !result.failed) {
      result = await walk("now", NOW, { ...result.facts, log: `/log/${result.facts.petition}` }, site);
    }
    const { index, removed, witnesses: seen } = result.facts;
    answers.push([result.failed, index ?? null, removed ?? null, seen ?? []]);
  }
  return answers;
}"""
Checked = Callable[..., list[list[Any]]]


@pytest.fixture
def checked(reader: Page) -> Checked:
    """What the page's module says of texts: the step that failed, index, index taken back, witnesses."""
    reader.goto("/en/verify")

    def check(log: ALog, *texts: str, witnesses: tuple[str, ...] = (), now: bool = False) -> list[list[Any]]:
        answers: list[list[Any]] = reader.evaluate(CHECK, [texts, log.vkey, witnesses, now])
        return answers

    return check


def test_every_entry_of_every_small_log_is_proven_and_at_no_other_place(checked: Checked) -> None:
    for size in (*range(1, 18), 31, 32, 33):
        log = ALog().join(size)
        receipts = [log.receipt(index) for index in range(size)]
        assert [answer[:2] for answer in checked(log, *receipts)] == [[None, index] for index in range(size)]
        moved = [text.replace(f"\nindex {at}\n", f"\nindex {at + 1}\n") for at, text in enumerate(receipts)]
        assert {answer[0] for answer in checked(log, *moved)} == {"path"}


def test_a_removal_names_what_it_takes_back(checked: Checked) -> None:
    log = ALog().join(5).take_back(3).join(2)
    assert checked(log, log.receipt(5)) == [[None, 5, "3", []]]


def test_a_receipt_of_another_petition_or_another_key_is_refused(checked: Checked) -> None:
    log = ALog().join(3)
    stranger = ALog(seed=b"s" * 32).join(3)
    assert checked(log, stranger.receipt(1))[0][0] == "signature"
    log.entries[1] = ALog(petition_id=13).join(2).entries[1]
    assert checked(log, log.receipt(1))[0][0] == "origin"


def test_a_number_that_does_not_add_up_is_refused(checked: Checked) -> None:
    log = ALog().join(4)
    text = notes.checkpoint_text(log.origin, 1, log.leaves[0], 2, 0, "")
    receipt = notes.receipt(log.entries[0], 0, [], notes.sign_note(text, log.origin, log.key))
    assert checked(log, receipt)[0][0] == "count"


def test_a_witness_that_is_known_is_named_and_its_false_signature_refused(checked: Checked) -> None:
    log, newsroom = ALog().join(9), Ed25519PrivateKey.from_private_bytes(b"n" * 32)
    text = log.checkpoint().partition("\n\n")[0] + "\n"
    line = notes.cosign(text, "newsroom.example", newsroom, AT)
    known = notes.vkey("newsroom.example", notes.public_bytes(newsroom), COSIGNATURE)
    assert checked(log, log.receipt(4, line), witnesses=(known,)) == [[None, 4, None, ["newsroom.example"]]]
    assert checked(log, log.receipt(4, line)) == [[None, 4, None, []]]
    later = notes.cosign(text.replace("count 9", "count 8"), "newsroom.example", newsroom, AT + timedelta(minutes=1))
    assert checked(log, log.receipt(4, later), witnesses=(known,))[0][0] == "witnesses"


def test_the_log_as_it_stands_now_is_compared_by_its_tiles(reader: Page, checked: Checked, tmp_path: Path) -> None:
    """A tree of three levels of tiles; receipts of when it had one, two and as many entries as now."""
    then = {size: ALog().join(size) for size in (1, 255, 256, 257, 1000, 65_536, 66_000)}
    log = then[66_000]
    serve(reader, log.publish(tmp_path))
    receipts = [
        old.receipt(index) for old in then.values() for index in {0, len(old.entries) // 2, len(old.entries) - 1}
    ]
    assert {answer[0] for answer in checked(log, *receipts, now=True)} == {None}


def test_a_checkpoint_of_a_moment_ago_is_asked_for_again(reader: Page, checked: Checked, tmp_path: Path) -> None:
    """Guests' pages may be some seconds old: a receipt that came just now is no reason to suspect the log."""
    log = ALog().join(9)
    serve(reader, log.publish(tmp_path / "now"))
    old = (ALog().join(8).publish(tmp_path / "then") / "checkpoint").read_text()
    answers = [old, old]

    def checkpoint(route: Route) -> None:
        if answers:
            route.fulfill(body=answers.pop(), content_type="text/plain")
        else:
            route.fallback()

    reader.route("**/checkpoint", checkpoint)
    assert checked(log, log.receipt(8), now=True)[0][0] is None
    assert not answers


def test_a_log_that_was_rewritten_does_not_fit_an_old_receipt(reader: Page, checked: Checked, tmp_path: Path) -> None:
    before = ALog().join(700)
    now = ALog().join(900)
    now.entries[300] = now.entries[301]
    serve(reader, now.publish(tmp_path))
    assert [answer[0] for answer in checked(before, before.receipt(5), before.receipt(300), now=True)] == ["growth"] * 2
    shorter = ALog().join(600)
    serve(reader, shorter.publish(tmp_path / "shorter"))
    assert checked(before, before.receipt(5), now=True)[0][0] == "growth"


def test_every_single_changed_letter_is_refused(checked: Checked) -> None:
    log = ALog().join(6)
    receipt = log.receipt(3)
    assert checked(log, receipt)[0][0] is None
    changed = [
        receipt[:at] + ("y" if letter == "x" else "x") + receipt[at + 1 :] for at, letter in enumerate(receipt[:-1])
    ]
    assert None not in [answer[0] for answer in checked(log, *changed)]


def test_a_promise_is_proven_and_a_changed_one_refused(checked: Checked) -> None:
    log = ALog().join(1)
    promise = notes.promise(log.origin, log.leaves[0], AT, log.key)
    other = notes.promise(log.origin, log.leaves[0], AT + timedelta(minutes=1), log.key)
    mixed = promise.partition("\n\n")[0] + "\n\n" + other.partition("\n\n")[2]
    windows = promise.replace("\n", "\r\n")
    assert [answer[0] for answer in checked(log, promise, windows, mixed)] == [None, None, "signature"]


def serve(page: Page, folder: Path) -> None:
    """Let the page find this log's files where the site's own would be."""

    def answer(route: Route) -> None:
        file = folder / route.request.url.partition("/log/12/")[2]
        if file.is_file():
            route.fulfill(path=file)
        else:
            route.fulfill(status=404)

    page.unroute_all()
    page.route("**/log/12/**", answer)


@pytest.mark.parametrize("name", VECTORS)
def test_the_pages_own_ed25519_agrees_with_rfc_8032(reader: Page, name: str) -> None:
    key, message, signature = VECTORS[name]
    reader.goto("/en/verify")
    assert reader.evaluate(VERIFIES, [key, message, signature])
    assert not reader.evaluate(VERIFIES, [key, f"{message}00", signature])
    assert not reader.evaluate(VERIFIES, [key, message, f"{int(signature[:2], 16) ^ 1:02x}{signature[2:]}"])
    assert not reader.evaluate(VERIFIES, [VECTORS["empty" if name != "empty" else "one byte"][0], message, signature])
    s = int.from_bytes(bytes.fromhex(signature[64:]), "little") + ORDER
    assert not reader.evaluate(VERIFIES, [key, message, signature[:64] + s.to_bytes(32, "little").hex()])


def test_keys_that_are_no_points_verify_nothing(reader: Page) -> None:
    _key, message, signature = VECTORS["one byte"]
    reader.goto("/en/verify")
    for key in ("ff" * 32, "02" + "00" * 31, "ed" + "ff" * 30 + "7f", "00" * 31):
        assert not reader.evaluate(VERIFIES, [key, message, signature])
