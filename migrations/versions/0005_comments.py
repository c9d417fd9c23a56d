"""comments on open petitions, reports of them, and what moderators decided"""

import sqlalchemy as sa
from alembic import op

from petitions.db import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comment",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("parent_id", sa.String(length=32), nullable=True),
        sa.Column("voice", sa.String(length=10), nullable=False),
        sa.Column("citizen_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column("public_name", sa.String(length=140), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("stance", sa.String(length=10), nullable=True),
        sa.Column("point_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("edited_at", UtcDateTime(), nullable=True),
        sa.Column("taken_back_at", UtcDateTime(), nullable=True),
        sa.Column("hidden_at", UtcDateTime(), nullable=True),
        sa.Column("hidden_by_rule", sa.String(length=20), nullable=True),
        sa.Column("erased_at", UtcDateTime(), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("hints", sa.JSON(), nullable=False),
        sa.Column("waits_since", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "voice = 'body' OR citizen_id IS NOT NULL OR erased_at IS NOT NULL",
            name=op.f("ck_comment_a_citizen_speaks_until_erased"),
        ),
        sa.CheckConstraint("language IN ('kk', 'ru', 'en')", name=op.f("ck_comment_language_is_ours")),
        sa.CheckConstraint(
            "stance IS NULL OR stance IN ('for', 'against', 'question')", name=op.f("ck_comment_stance_is_known")
        ),
        sa.CheckConstraint(
            "voice <> 'body' OR (citizen_id IS NULL AND body_id IS NOT NULL AND staff_id IS NOT NULL AND parent_id IS NOT NULL)",
            name=op.f("ck_comment_a_body_answers_by_its_officer"),
        ),
        sa.CheckConstraint("voice IN ('citizen', 'author', 'body')", name=op.f("ck_comment_voice_is_known")),
        sa.CheckConstraint("(hidden_at IS NULL) = (hidden_by_rule IS NULL)", name=op.f("ck_comment_hidden_by_a_rule")),
        sa.CheckConstraint("(parent_id IS NULL) = (stance IS NOT NULL)", name=op.f("ck_comment_a_reply_has_no_stance")),
        sa.CheckConstraint(
            "(text IS NULL) = (taken_back_at IS NOT NULL OR erased_at IS NOT NULL)",
            name=op.f("ck_comment_text_stands_until_erased"),
        ),
        sa.CheckConstraint(
            "point_id IS NULL OR parent_id IS NULL", name=op.f("ck_comment_a_reply_is_about_its_comment")
        ),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_comment_body_id_body")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_comment_citizen_id_citizen")),
        sa.ForeignKeyConstraint(
            ["petition_id", "parent_id"],
            ["comment.petition_id", "comment.id"],
            name=op.f("fk_comment_petition_id_parent_id_comment"),
        ),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_comment_petition_id_petition")),
        sa.ForeignKeyConstraint(["point_id"], ["point.id"], name=op.f("fk_comment_point_id_point")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_comment_staff_id_staff")),
        sa.PrimaryKeyConstraint("petition_id", "id", name=op.f("pk_comment")),
    )
    op.create_index(op.f("ix_comment_citizen_id_written_at"), "comment", ["citizen_id", "written_at"], unique=False)
    op.create_index(op.f("ix_comment_fingerprint"), "comment", ["fingerprint"], unique=False)
    op.create_index(
        op.f("ix_comment_petition_id_parent_id_turn_place_id"),
        "comment",
        ["petition_id", "parent_id", "turn", "place", "id"],
        unique=False,
    )
    op.create_index(
        "ix_comment_waiting",
        "comment",
        ["waits_since", "id"],
        unique=False,
        sqlite_where=sa.text("waits_since IS NOT NULL"),
        postgresql_where=sa.text("waits_since IS NOT NULL"),
    )
    op.create_index(
        "ix_comment_hidden",
        "comment",
        ["hidden_at", "id"],
        unique=False,
        sqlite_where=sa.text("hidden_at IS NOT NULL"),
        postgresql_where=sa.text("hidden_at IS NOT NULL"),
    )
    op.create_table(
        "comment_report",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.String(length=32), nullable=False),
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "rule IN ('insult', 'hatred', 'personal-data', 'advertisement', 'repeated', 'off-subject', 'unlawful')",
            name=op.f("ck_comment_report_rule_is_known"),
        ),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_comment_report_citizen_id_citizen")),
        sa.ForeignKeyConstraint(
            ["petition_id", "comment_id"],
            ["comment.petition_id", "comment.id"],
            name=op.f("fk_comment_report_petition_id_comment_id_comment"),
        ),
        sa.PrimaryKeyConstraint("petition_id", "comment_id", "citizen_id", name=op.f("pk_comment_report")),
    )
    op.create_index(op.f("ix_comment_report_citizen_id_at"), "comment_report", ["citizen_id", "at"], unique=False)
    op.create_table(
        "comment_ruling",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("comment_id", sa.String(length=32), nullable=False),
        sa.Column("ruling", sa.String(length=10), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "rule IS NULL OR rule IN ('insult', 'hatred', 'personal-data', 'advertisement', 'repeated', 'off-subject', 'unlawful')",
            name=op.f("ck_comment_ruling_rule_is_known"),
        ),
        sa.CheckConstraint("ruling <> 'hidden' OR rule IS NOT NULL", name=op.f("ck_comment_ruling_hidden_by_a_rule")),
        sa.CheckConstraint("ruling IN ('hidden', 'restored', 'left')", name=op.f("ck_comment_ruling_ruling_is_known")),
        sa.ForeignKeyConstraint(
            ["petition_id", "comment_id"],
            ["comment.petition_id", "comment.id"],
            name=op.f("fk_comment_ruling_petition_id_comment_id_comment"),
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_comment_ruling_staff_id_staff")),
        sa.PrimaryKeyConstraint("petition_id", "id", name=op.f("pk_comment_ruling")),
    )
    op.create_index(
        op.f("ix_comment_ruling_petition_id_comment_id_id"),
        "comment_ruling",
        ["petition_id", "comment_id", "id"],
        unique=False,
    )


def downgrade() -> None:
    raise RuntimeError("data of a public record moves forward only")
