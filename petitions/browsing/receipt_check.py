"""A receipt or a promise checked by the site itself, for readers whose browser cannot: the verifier's own functions.

The steps are those of static/js/log-proof.js, in its order and by its names. Nothing is kept, and no database is asked:
what is trusted is the key of the log and the witnesses that the configuration names.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from petitions.log import keys, verifier
from petitions.log.verifier import Checkpoint, Malformed, NotProven, VerifierKey

LONGEST = 10_000  # characters; a receipt with sixteen witnesses has four thousand
STEPS = {
    "receipt": ("form", "entry", "path", "count", "origin", "signature", "witnesses"),
    "promise": ("form", "origin", "signature"),
}
COUNT = re.compile(r"count (0|[1-9][0-9]{0,14}) (0|[1-9][0-9]{0,14})")


@dataclass
class Facts:
    """What the text says of itself, filled in by the steps; to be believed only when all of them were right."""

    petition: int | None = None
    index: int | None = None
    removed: int | None = None
    minute: datetime | None = None
    size: int | None = None
    joinings: int | None = None
    removals: int | None = None
    witnesses: tuple[str, ...] = ()
    evidence: str | None = None
    root: str | None = None


@dataclass(frozen=True)
class Checked:
    """``kind``: receipt or promise; ``verdict``: joining, removal, promise or failed; ``marks``: how each step went."""

    kind: str
    verdict: str
    failed: str | None
    marks: dict[str, str]
    facts: Facts


def check(text: str, witnesses: Sequence[VerifierKey]) -> Checked:
    """The text as it was pasted: line ends of any kind, blank lines around it. It is refused beyond LONGEST."""
    whole = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").strip() + "\n"
    kind = "promise" if whole.startswith("promise\n") else "receipt"
    facts, passed, failed = Facts(), list[str](), None
    try:
        for step in _promise(whole, facts) if kind == "promise" else _receipt(whole, facts, witnesses):
            passed.append(step)
    except NotProven:
        failed = STEPS[kind][len(passed)]
    marks = dict.fromkeys(passed, "passed") | ({failed: "failed"} if failed else {})
    if "witnesses" in passed and not facts.witnesses:
        marks["witnesses"] = "none"
    found = "promise" if kind == "promise" else "joining" if facts.removed is None else "removal"
    return Checked(
        kind=kind,
        verdict="failed" if failed else found,
        failed=failed,
        marks={step: marks.get(step, "open") for step in STEPS[kind]},
        facts=facts,
    )


def _receipt(whole: str, facts: Facts, witnesses: Sequence[VerifierKey]) -> Iterator[str]:
    """Each step is named when it was right. Raises NotProven at the one that was not."""
    _need(len(whole) <= LONGEST)
    receipt = verifier.read_receipt(whole)
    checkpoint = _each_signature_once(receipt.checkpoint)
    facts.joinings, facts.removals = _counts(checkpoint)
    facts.index, facts.size = receipt.index, checkpoint.size
    facts.root = base64.b64encode(checkpoint.root).decode()
    yield "form"
    entry = verifier.read_entry(receipt.entry)
    facts.petition, facts.minute = entry.petition, datetime.fromisoformat(entry.minute)
    if isinstance(entry, verifier.Removal):
        facts.removed = entry.index
        _need(entry.index < receipt.index)
    else:
        facts.evidence = entry.evidence
    yield "entry"
    leaf = verifier.leaf_hash(receipt.entry)
    verifier.check_inclusion(leaf, receipt.index, checkpoint.size, receipt.path, checkpoint.root)
    yield "path"
    _need(facts.joinings + facts.removals == checkpoint.size and facts.removals <= facts.joinings)
    yield "count"
    _need(checkpoint.origin == keys.origin_of(entry.petition))
    yield "origin"
    verifier.check_log_signature(checkpoint, VerifierKey.parse(keys.vkey_of(entry.petition)))
    yield "signature"
    facts.witnesses = tuple(verifier.check_witnesses(checkpoint, witnesses, quorum=0))
    yield "witnesses"


def _promise(whole: str, facts: Facts) -> Iterator[str]:
    _need(len(whole) <= LONGEST)
    promise = verifier.read_promise(whole)
    promise = replace(promise, note=_unrepeated(promise.note))
    facts.minute = datetime.fromisoformat(promise.minute)
    yield "form"
    facts.petition = verifier.decimal(promise.origin.rpartition("/")[2])
    _need(promise.origin == keys.origin_of(facts.petition))
    yield "origin"
    verifier.check_promise(promise, VerifierKey.parse(keys.vkey_of(facts.petition)))
    yield "signature"


def _counts(checkpoint: Checkpoint) -> tuple[int, int]:
    found: Callable[[str], re.Match[str] | None] = COUNT.fullmatch
    for match in filter(None, map(found, checkpoint.extensions)):
        return int(match[1]), int(match[2])
    raise Malformed("the checkpoint has no line with the count")


def _each_signature_once(checkpoint: Checkpoint) -> Checkpoint:
    """A right signature written down eighty times would be computed eighty times, some milliseconds each."""
    return replace(checkpoint, note=_unrepeated(checkpoint.note))


def _unrepeated(note: verifier.Note) -> verifier.Note:
    return replace(note, signatures=tuple(dict.fromkeys(note.signatures)))


def _need(condition: bool) -> None:
    if not condition:
        raise NotProven("the receipt contradicts itself, or is not of this site")
