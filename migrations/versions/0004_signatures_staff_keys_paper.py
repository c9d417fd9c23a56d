"""real electronic signatures, keys of staff, joinings on paper"""

import sqlalchemy as sa
from alembic import op

from petitions.db import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Made anew, as SQLite cannot change a check: it holds the attempts of the last day, which limits need for minutes.
    op.drop_table("attempt")
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("account_digest", sa.String(length=64), nullable=False),
        sa.Column("address_digest", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "kind IN ('staff-sign-in', 'staff-proof', 'signing-request', 'email-confirmation')",
            name=op.f("ck_attempt_kind_is_known"),
        ),
        sa.CheckConstraint("outcome IN ('counted', 'succeeded', 'limited')", name=op.f("ck_attempt_outcome_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index(op.f("ix_attempt_account_digest_at"), "attempt", ["account_digest", "at"], unique=False)
    op.create_index(op.f("ix_attempt_address_digest_at"), "attempt", ["address_digest", "at"], unique=False)
    op.create_table(
        "signing_request",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("petition_id", sa.Integer(), nullable=True),
        sa.Column("ref", sa.String(length=64), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("citizen_id", sa.Integer(), nullable=True),
        sa.Column("browser", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=True),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("outcome", sa.Integer(), nullable=True),
        sa.Column("signature_sha256", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(purpose = 'sign-in') = (citizen_id IS NULL)", name=op.f("ck_signing_request_acts_belong_to_a_citizen")
        ),
        sa.CheckConstraint(
            "(purpose = 'sign-in') = (petition_id IS NULL)", name=op.f("ck_signing_request_acts_belong_to_a_petition")
        ),
        sa.CheckConstraint(
            "purpose IN ('join', 'withdraw', 'file', 'withdraw-petition', 'sign-in')",
            name=op.f("ck_signing_request_purpose_is_known"),
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'scanned', 'done', 'rejected', 'refused', 'cancelled')",
            name=op.f("ck_signing_request_state_is_known"),
        ),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_signing_request_citizen_id_citizen")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_request")),
    )
    op.create_index(op.f("ix_signing_request_expires_at"), "signing_request", ["expires_at"], unique=False)

    op.create_table(
        "act_evidence",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("act", sa.String(length=8), nullable=False),
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        sa.Column("signature_id", sa.String(length=32), nullable=True),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.Column("evidence_sha256", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("revocation", sa.String(length=10), nullable=True),
        sa.Column("ask_at", UtcDateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("act IN ('file', 'withdraw')", name=op.f("ck_act_evidence_act_is_known")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_act_evidence_citizen_id_citizen")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_act_evidence_petition_id_petition")),
        sa.PrimaryKeyConstraint("petition_id", "id", name=op.f("pk_act_evidence")),
    )
    op.create_index(
        "ix_act_evidence_to_ask",
        "act_evidence",
        ["ask_at"],
        unique=False,
        sqlite_where=sa.text("revocation = 'pending'"),
        postgresql_where=sa.text("revocation = 'pending'"),
    )

    op.create_table(
        "paper_sheet",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("lines_promised", sa.Integer(), nullable=False),
        sa.Column("scan_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("scan_sha256", sa.String(length=64), nullable=False),
        sa.Column("scan_mime", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("received_by", sa.Integer(), nullable=False),
        sa.Column("registered_at", UtcDateTime(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("entered_at", UtcDateTime(), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "state IN ('received', 'entered', 'confirmed', 'rejected')", name=op.f("ck_paper_sheet_state_is_known")
        ),
        sa.CheckConstraint("confirmed_by <> entered_by", name=op.f("ck_paper_sheet_two_pairs_of_eyes")),
        sa.CheckConstraint("lines_promised > 0", name=op.f("ck_paper_sheet_has_lines")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["staff.id"], name=op.f("fk_paper_sheet_confirmed_by_staff")),
        sa.ForeignKeyConstraint(["entered_by"], ["staff.id"], name=op.f("fk_paper_sheet_entered_by_staff")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_paper_sheet_petition_id_petition")),
        sa.ForeignKeyConstraint(["received_by"], ["staff.id"], name=op.f("fk_paper_sheet_received_by_staff")),
        sa.PrimaryKeyConstraint("petition_id", "id", name=op.f("pk_paper_sheet")),
        sa.UniqueConstraint("petition_id", "reference", name=op.f("uq_paper_sheet_petition_id_reference")),
    )
    op.create_index(op.f("ix_paper_sheet_state_received_on"), "paper_sheet", ["state", "received_on"], unique=False)

    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_passkey_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index(op.f("ix_passkey_staff_id"), "passkey", ["staff_id"], unique=False)

    op.create_table(
        "recovery_code",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_recovery_code_staff_id_staff")),
        sa.PrimaryKeyConstraint("staff_id", "digest", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "paper_line",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("iin_digest", sa.String(length=64), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("signature_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["petition_id", "sheet_id"],
            ["paper_sheet.petition_id", "paper_sheet.id"],
            name=op.f("fk_paper_line_petition_id_sheet_id_paper_sheet"),
        ),
        sa.PrimaryKeyConstraint("petition_id", "sheet_id", "number", name=op.f("pk_paper_line")),
        sa.UniqueConstraint(
            "petition_id", "sheet_id", "iin_digest", name=op.f("uq_paper_line_petition_id_sheet_id_iin_digest")
        ),
    )
    op.add_column("evidence", sa.Column("revocation", sa.String(length=10), nullable=True))
    op.add_column("evidence", sa.Column("ask_at", UtcDateTime(), nullable=True))
    op.add_column("evidence", sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("evidence", sa.Column("answer_sealed", sa.LargeBinary(), nullable=True))
    op.create_index(
        "ix_evidence_to_ask",
        "evidence",
        ["ask_at"],
        unique=False,
        sqlite_where=sa.text("revocation = 'pending'"),
        postgresql_where=sa.text("revocation = 'pending'"),
    )
    op.create_index(
        "ix_evidence_unconfirmed",
        "evidence",
        ["revocation"],
        unique=False,
        sqlite_where=sa.text("revocation IN ('unanswered', 'unknown')"),
        postgresql_where=sa.text("revocation IN ('unanswered', 'unknown')"),
    )

    op.add_column("sign_in_session", sa.Column("method", sa.String(length=16), nullable=True))
    op.add_column("sign_in_session", sa.Column("proven_at", UtcDateTime(), nullable=True))

    op.add_column("staff", sa.Column("totp_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("staff", sa.Column("totp_step", sa.BigInteger(), nullable=True))

    op.add_column("tally", sa.Column("written", sa.Integer(), server_default=sa.text("0"), nullable=False))


def downgrade() -> None:
    raise RuntimeError("data of a public record moves forward only")
