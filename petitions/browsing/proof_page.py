"""What the page "How this number is proven" shows: the newest checkpoint, read as anybody would read it."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from sqlalchemy.orm import Session

from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.queries import Standing
from petitions.lifecycle.visibility import Found
from petitions.log import keys, verifier
from petitions.log import queries as log
from petitions.log.queries import Head
from petitions.tally import queries as tally
from petitions.tally.queries import Counted


@dataclass(frozen=True)
class Sealed:
    """The newest checkpoint in its parts; ``cosigned_by``: the witnesses under the newest that any have signed."""

    head: Head
    root: str
    territories_sha256: str
    cosigned_by: tuple[str, ...]


@dataclass(frozen=True)
class ProofPage:
    """``title`` is None where nobody may read it; ``sealed`` while nobody has joined."""

    ref: str
    standing: Standing
    title: str | None
    counted: Counted
    sealed: Sealed | None
    vkey: str


def page_of(session: Session, found: Found) -> ProofPage:
    """For a petition that is public."""
    standing = lifecycle.standing(session, found.petition_id)
    refusal = lifecycle.refusal(session, standing.id)
    head = log.head(session, standing.id)
    return ProofPage(
        ref=found.ref,
        standing=standing,
        title=None if refusal is not None and refusal.hides_text else standing.title,
        counted=tally.counted(session, standing.id),
        sealed=_sealed(head) if head else None,
        vkey=keys.vkey_of(standing.id),
    )


def _sealed(head: Head) -> Sealed:
    checkpoint = verifier.read_checkpoint(head.note)
    territories = [line.split()[1] for line in checkpoint.extensions if line.startswith("territories ")]
    return Sealed(
        head=head,
        root=base64.b64encode(checkpoint.root).decode(),
        territories_sha256="".join(territories),
        cosigned_by=_witnesses(head.cosigned_note),
    )


def _witnesses(note: str | None) -> tuple[str, ...]:
    """Who has signed beside the log itself."""
    if note is None:
        return ()
    checkpoint = verifier.read_checkpoint(note)
    names = [signature.name for signature in checkpoint.note.signatures]
    return tuple(dict.fromkeys(name for name in names if name != checkpoint.origin))
