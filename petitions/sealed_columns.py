"""Every column that holds something sealed, and the words that bind each blob to its row.

One declaration for whoever seals, opens, rotates (`flask vault`) or counts what is left. A house test finds a column
named *sealed* that is missing here. Rooms import the names below; this file imports no room.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import Formatter


@dataclass(frozen=True)
class SealedColumn:
    """``bound_to`` names the table's own columns whose values stand in the context; they never change."""

    table: str
    column: str
    bound_to: str

    def context(self, **row: object) -> str:
        """What AES-GCM authenticates with the blob of this row: `EVIDENCE.context(petition_id=7, signature_id=id)`."""
        return self.bound_to.format_map(row)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that stand in the context."""
        return tuple(name for _, name, _, _ in Formatter().parse(self.bound_to) if name)

    def __str__(self) -> str:
        return f"{self.table}.{self.column}"


CITIZEN = SealedColumn("citizen", "sealed", "citizen/sealed/{iin_digest}")
CITIZEN_EMAIL = SealedColumn("citizen", "email_sealed", "citizen/email/{iin_digest}")
STAFF_TOTP = SealedColumn("staff", "totp_sealed", "staff-totp:{id}")
LETTER = SealedColumn("email", "sealed", "email:{key}")
AUTHOR = SealedColumn("petition", "author_sealed", "petition/author/{id}")
REPRESENTED = SealedColumn("petition", "represented_sealed", "petition/represented/{id}")
EVIDENCE = SealedColumn("evidence", "sealed", "evidence:{petition_id}:{signature_id}")
EVIDENCE_ANSWER = SealedColumn("evidence", "answer_sealed", "evidence-answer:{petition_id}:{signature_id}")
ACT_EVIDENCE = SealedColumn("act_evidence", "sealed", "act-evidence:{petition_id}:{id}")
ACT_EVIDENCE_ANSWER = SealedColumn("act_evidence", "answer_sealed", "act-evidence-answer:{petition_id}:{id}")
PAPER_SCAN = SealedColumn("paper_sheet", "scan_sealed", "paper-scan:{petition_id}:{id}")
PAPER_LINE = SealedColumn("paper_line", "sealed", "paper-line:{petition_id}:{sheet_id}:{number}")

SEALED_COLUMNS = (
    CITIZEN,
    CITIZEN_EMAIL,
    STAFF_TOTP,
    LETTER,
    AUTHOR,
    REPRESENTED,
    EVIDENCE,
    EVIDENCE_ANSWER,
    ACT_EVIDENCE,
    ACT_EVIDENCE_ANSWER,
    PAPER_SCAN,
    PAPER_LINE,
)
