"""the first schema"""

import sqlalchemy as sa
from alembic import op

from petitions.db import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("account_digest", sa.String(length=64), nullable=False),
        sa.Column("address_digest", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.CheckConstraint("kind IN ('staff-sign-in', 'email-confirmation')", name=op.f("ck_attempt_kind_is_known")),
        sa.CheckConstraint("outcome IN ('counted', 'succeeded', 'limited')", name=op.f("ck_attempt_outcome_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_account_digest_at"), ["account_digest", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_attempt_address_digest_at"), ["address_digest", "at"], unique=False)

    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=10), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_role", sa.String(length=60), nullable=False),
        sa.Column("act", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "actor_kind IN ('citizen', 'staff', 'system')", name=op.f("ck_audit_entry_actor_is_known_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_subject"), ["subject"], unique=False)

    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name_kk", sa.String(length=200), nullable=False),
        sa.Column("name_ru", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("act", sa.String(length=500), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("confidence", sa.String(length=12), nullable=False),
        sa.Column("edited_by", sa.Integer(), nullable=True),
        sa.Column("edited_at", UtcDateTime(), nullable=True),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("act <> ''", name=op.f("ck_calendar_day_act_is_named")),
        sa.CheckConstraint(
            "is_working = (kind = 'working_saturday')", name=op.f("ck_calendar_day_kind_says_whether_it_is_worked")
        ),
        sa.CheckConstraint(
            "kind IN ('holiday', 'observed', 'moved_day_off', 'working_saturday')",
            name=op.f("ck_calendar_day_kind_is_known"),
        ),
        sa.CheckConstraint(
            "removed_at IS NULL OR edited_at IS NOT NULL", name=op.f("ck_calendar_day_removing_is_an_edit")
        ),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "citizen",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("iin_digest", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("given_name", sa.String(length=120), nullable=False),
        sa.Column("surname_initial", sa.String(length=8), nullable=False),
        sa.Column("registry_status", sa.String(length=10), nullable=False),
        sa.Column("registry_checked_at", UtcDateTime(), nullable=True),
        sa.Column("citizenship", sa.String(length=2), nullable=True),
        sa.Column("residence_kato", sa.String(length=9), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("email_confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(registry_status = 'known') = (citizenship IS NOT NULL)",
            name=op.f("ck_citizen_citizenship_only_from_the_registry"),
        ),
        sa.CheckConstraint("language IN ('kk', 'ru', 'en')", name=op.f("ck_citizen_language_is_ours")),
        sa.CheckConstraint(
            "registry_status IN ('unasked', 'known', 'unknown', 'down')",
            name=op.f("ck_citizen_registry_status_is_known_word"),
        ),
        sa.CheckConstraint(
            "residence_kato IS NULL OR registry_status = 'known'",
            name=op.f("ck_citizen_residence_only_from_the_registry"),
        ),
        sa.CheckConstraint(
            "email_confirmed_at IS NULL OR email_sealed IS NOT NULL", name=op.f("ck_citizen_confirmed_email_is_there")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citizen")),
        sa.UniqueConstraint("iin_digest", name=op.f("uq_citizen_iin_digest")),
    )
    op.create_table(
        "email",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("next_try_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(sent_at IS NULL) OR (sealed IS NULL)", name=op.f("ck_email_sent_letter_is_wiped")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email")),
        sa.UniqueConstraint("key", name=op.f("uq_email_key")),
    )
    with op.batch_alter_table("email", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_email_sent_at_next_try_at"), ["sent_at", "next_try_at"], unique=False)

    op.create_table(
        "law_clock",
        sa.Column("anchor", sa.String(length=64), nullable=False),
        sa.Column("anchored_at", UtcDateTime(), nullable=False),
        sa.Column("stepped_seconds", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("anchor", name=op.f("pk_law_clock")),
    )
    op.create_table(
        "policy_override",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=True),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_policy_override_a_reason_is_given")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_policy_override")),
    )
    op.create_table(
        "territory",
        sa.Column("kato", sa.String(length=9), nullable=False),
        sa.Column("parent_kato", sa.String(length=9), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name_kk", sa.String(length=200), nullable=False),
        sa.Column("name_ru", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("name_en_source", sa.String(length=20), nullable=False),
        sa.Column("sort_kk", sa.String(length=400), nullable=False),
        sa.Column("sort_ru", sa.String(length=400), nullable=False),
        sa.Column("search_text", sa.String(length=620), nullable=False),
        sa.Column("petition_unit", sa.Boolean(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("population_date", sa.Date(), nullable=True),
        sa.Column("population_source", sa.String(length=500), nullable=True),
        sa.Column("population_quality", sa.String(length=60), nullable=True),
        sa.Column("population_note", sa.String(length=300), nullable=True),
        sa.Column("over_50k", sa.String(length=12), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("edited_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('oblast', 'republican_city', 'district', 'city', 'city_district', 'town', 'settlement', 'rural_district')",
            name=op.f("ck_territory_kind_is_known"),
        ),
        sa.CheckConstraint(
            "(level = 1) = (parent_kato IS NULL)", name=op.f("ck_territory_all_but_the_top_have_a_parent")
        ),
        sa.CheckConstraint(
            "(population IS NULL) = (population_date IS NULL) AND (population IS NULL) = (population_source IS NULL)",
            name=op.f("ck_territory_population_has_date_and_source"),
        ),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name=op.f("ck_territory_level_is_one_to_three")),
        sa.CheckConstraint("population > 0", name=op.f("ck_territory_population_is_positive")),
        sa.ForeignKeyConstraint(["parent_kato"], ["territory.kato"], name=op.f("fk_territory_parent_kato_territory")),
        sa.PrimaryKeyConstraint("kato", name=op.f("pk_territory")),
    )
    with op.batch_alter_table("territory", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_territory_parent_kato"), ["parent_kato"], unique=False)

    op.create_table(
        "body",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name_kk", sa.String(length=250), nullable=False),
        sa.Column("name_ru", sa.String(length=250), nullable=False),
        sa.Column("name_en", sa.String(length=250), nullable=False),
        sa.Column("sort_kk", sa.String(length=500), nullable=False),
        sa.Column("sort_ru", sa.String(length=500), nullable=False),
        sa.Column("head_title_kk", sa.String(length=120), nullable=False),
        sa.Column("head_title_ru", sa.String(length=120), nullable=False),
        sa.Column("head_title_en", sa.String(length=120), nullable=False),
        sa.Column("territory_kato", sa.String(length=9), nullable=True),
        sa.Column("is_central", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("edited_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "is_central = (kind IN ('agency', 'central', 'ministry'))", name=op.f("ck_body_central_kinds_are_central")
        ),
        sa.CheckConstraint(
            "kind IN ('ministry', 'agency', 'central', 'akimat', 'akim_office', 'maslikhat')",
            name=op.f("ck_body_kind_is_known"),
        ),
        sa.CheckConstraint("is_central = (territory_kato IS NULL)", name=op.f("ck_body_a_local_body_has_a_territory")),
        sa.ForeignKeyConstraint(["territory_kato"], ["territory.kato"], name=op.f("fk_body_territory_kato_territory")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body")),
        sa.UniqueConstraint("slug", name=op.f("uq_body_slug")),
    )
    with op.batch_alter_table("body", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_body_territory_kato"), ["territory_kato"], unique=False)

    op.create_table(
        "inbox_mark",
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_inbox_mark_citizen_id_citizen")),
        sa.PrimaryKeyConstraint("citizen_id", name=op.f("pk_inbox_mark")),
    )
    op.create_table(
        "population_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kato", sa.String(length=9), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("quality", sa.String(length=120), nullable=False),
        sa.Column("boundary", sa.String(length=120), nullable=False),
        sa.Column("confidence", sa.String(length=12), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("source <> ''", name=op.f("ck_population_record_source_is_named")),
        sa.CheckConstraint("population > 0", name=op.f("ck_population_record_population_is_positive")),
        sa.ForeignKeyConstraint(["kato"], ["territory.kato"], name=op.f("fk_population_record_kato_territory")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_population_record")),
        sa.UniqueConstraint("kato", "date", "source", name=op.f("uq_population_record_kato_date_source")),
    )
    op.create_table(
        "archived_petition",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("original_language", sa.String(length=2), nullable=False),
        sa.Column("title_is_exact", sa.Boolean(), nullable=False),
        sa.Column("title_kk", sa.String(length=300), nullable=False),
        sa.Column("title_ru", sa.String(length=300), nullable=False),
        sa.Column("title_en", sa.String(length=300), nullable=False),
        sa.Column("summary_kk", sa.Text(), nullable=False),
        sa.Column("summary_ru", sa.Text(), nullable=False),
        sa.Column("summary_en", sa.Text(), nullable=False),
        sa.Column("addressee_kind", sa.String(length=20), nullable=False),
        sa.Column("addressee_kk", sa.String(length=250), nullable=True),
        sa.Column("addressee_ru", sa.String(length=250), nullable=True),
        sa.Column("addressee_en", sa.String(length=250), nullable=True),
        sa.Column("body_slug", sa.String(length=40), nullable=True),
        sa.Column("territory_kato", sa.String(length=9), nullable=True),
        sa.Column("required", sa.Integer(), nullable=True),
        sa.Column("dates", sa.JSON(), nullable=False),
        sa.Column("approximate_dates", sa.JSON(), nullable=False),
        sa.Column("signatures", sa.JSON(), nullable=False),
        sa.Column("outcome_code", sa.String(length=30), nullable=False),
        sa.Column("outcome_kk", sa.Text(), nullable=False),
        sa.Column("outcome_ru", sa.Text(), nullable=False),
        sa.Column("outcome_en", sa.Text(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("confidence", sa.String(length=12), nullable=False),
        sa.Column("notes_kk", sa.Text(), nullable=True),
        sa.Column("notes_ru", sa.Text(), nullable=True),
        sa.Column("notes_en", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(addressee_kind = 'government') = (territory_kato IS NULL)",
            name=op.f("ck_archived_petition_a_local_petition_has_a_territory"),
        ),
        sa.CheckConstraint(
            "addressee_kind IN ('government', 'akimat', 'maslikhat')",
            name=op.f("ck_archived_petition_addressee_kind_is_known"),
        ),
        sa.CheckConstraint("original_language IN ('kk', 'ru')", name=op.f("ck_archived_petition_language_is_kk_or_ru")),
        sa.CheckConstraint("required > 0", name=op.f("ck_archived_petition_required_is_positive")),
        sa.ForeignKeyConstraint(["body_slug"], ["body.slug"], name=op.f("fk_archived_petition_body_slug_body")),
        sa.ForeignKeyConstraint(
            ["territory_kato"], ["territory.kato"], name=op.f("fk_archived_petition_territory_kato_territory")
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_archived_petition")),
    )
    op.create_table(
        "petition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("state_since", UtcDateTime(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("author_name", sa.String(length=140), nullable=False),
        sa.Column("author_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("is_representative", sa.Boolean(), nullable=False),
        sa.Column("represented_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("written_reference", sa.String(length=80), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("addressee", sa.String(length=20), nullable=True),
        sa.Column("territory_kato", sa.String(length=9), nullable=True),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column("filed_at", UtcDateTime(), nullable=True),
        sa.Column("edition", sa.String(length=10), nullable=True),
        sa.Column("order", sa.String(length=20), nullable=True),
        sa.Column("text_hash", sa.String(length=64), nullable=True),
        sa.Column("link_token", sa.String(length=40), nullable=True),
        sa.Column("opens_at", UtcDateTime(), nullable=True),
        sa.Column("closes_at", UtcDateTime(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=True),
        sa.Column("required", sa.Integer(), nullable=True),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("population_on", sa.Date(), nullable=True),
        sa.Column("population_source", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "addressee IS NULL OR addressee IN ('government', 'akimat', 'maslikhat')",
            name=op.f("ck_petition_addressee_is_known"),
        ),
        sa.CheckConstraint("channel IN ('site', 'written')", name=op.f("ck_petition_channel_is_known")),
        sa.CheckConstraint("language IN ('kk', 'ru')", name=op.f("ck_petition_language_is_kk_or_ru")),
        sa.CheckConstraint(
            "opened_at IS NOT NULL OR state = 'taken_down' OR state IN ('draft', 'checking', 'supporting', 'refused', 'lapsed', 'withdrawn')",
            name=op.f("ck_petition_public_petition_was_opened"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'checking', 'supporting', 'open', 'reached', 'sent', 'examination', 'decided', 'published', 'refused', 'lapsed', 'withdrawn', 'returned', 'forwarded', 'message', 'message_answered', 'message_noted', 'message_terminated', 'taken_down')",
            name=op.f("ck_petition_state_is_known"),
        ),
        sa.CheckConstraint(
            "(population IS NULL) = (population_on IS NULL) AND (population IS NULL) = (population_source IS NULL)",
            name=op.f("ck_petition_population_has_date_and_source"),
        ),
        sa.CheckConstraint("closes_at IS NULL OR opens_at IS NOT NULL", name=op.f("ck_petition_closing_needs_opening")),
        sa.CheckConstraint(
            "opened_at IS NULL OR required IS NOT NULL", name=op.f("ck_petition_open_petition_has_a_threshold")
        ),
        sa.CheckConstraint(
            "state = 'draft' OR (filed_at IS NOT NULL AND text_hash IS NOT NULL AND edition IS NOT NULL AND \"order\" IS NOT NULL AND title IS NOT NULL AND content IS NOT NULL AND addressee IS NOT NULL AND body_id IS NOT NULL AND author_sealed IS NOT NULL)",
            name=op.f("ck_petition_filed_petition_is_complete"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["citizen.id"], name=op.f("fk_petition_author_id_citizen")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_petition_body_id_body")),
        sa.ForeignKeyConstraint(
            ["territory_kato"], ["territory.kato"], name=op.f("fk_petition_territory_kato_territory")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition")),
        sa.UniqueConstraint("link_token", name=op.f("uq_petition_link_token")),
    )
    with op.batch_alter_table("petition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_petition_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_petition_body_id_state"), ["body_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_petition_state_opened_at"), ["state", "opened_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_petition_territory_kato_state"), ["territory_kato", "state"], unique=False)

    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column("acting_from", sa.Date(), nullable=True),
        sa.Column("acting_to", sa.Date(), nullable=True),
        sa.Column("acting_act", sa.String(length=300), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(acting_from IS NULL) = (acting_to IS NULL) AND (acting_from IS NULL) = (acting_act IS NULL)",
            name=op.f("ck_staff_acting_has_dates_and_act"),
        ),
        sa.CheckConstraint("acting_from <= acting_to", name=op.f("ck_staff_acting_begins_before_it_ends")),
        sa.CheckConstraint("acting_from IS NULL OR body_id IS NOT NULL", name=op.f("ck_staff_acting_head_has_a_body")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_staff_email_is_lower_case")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_staff_body_id_body")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_email")),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("mime", sa.String(length=60), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('attachment', 'authority', 'application')", name=op.f("ck_attachment_kind_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petition.id"], name=op.f("fk_attachment_petition_id_petition"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("petition_id", "kind", "sha256", name=op.f("uq_attachment_petition_id_kind_sha256")),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("law_cited", sa.Text(), nullable=False),
        sa.Column("appeal", sa.Text(), nullable=False),
        sa.Column("drafted_at", UtcDateTime(), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("head_title_kk", sa.String(length=200), nullable=True),
        sa.Column("head_title_ru", sa.String(length=200), nullable=True),
        sa.Column("head_title_en", sa.String(length=200), nullable=True),
        sa.Column("acting_act", sa.String(length=300), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("language IN ('kk', 'ru')", name=op.f("ck_decision_language_is_kk_or_ru")),
        sa.CheckConstraint("outcome IN ('full', 'partial', 'refused')", name=op.f("ck_decision_outcome_is_known")),
        sa.CheckConstraint(
            "decided_at IS NULL OR (decided_by_id IS NOT NULL AND head_title_kk IS NOT NULL)",
            name=op.f("ck_decision_decision_has_its_head"),
        ),
        sa.CheckConstraint(
            "published_at IS NULL OR decided_at IS NOT NULL", name=op.f("ck_decision_published_was_decided")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["staff.id"], name=op.f("fk_decision_decided_by_id_staff")),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["staff.id"], name=op.f("fk_decision_drafted_by_id_staff")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_decision_petition_id_petition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("petition_id", "version", name=op.f("uq_decision_petition_id_version")),
    )
    op.create_table(
        "point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('argument', 'proposal')", name=op.f("ck_point_kind_is_known")),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petition.id"], name=op.f("fk_point_petition_id_petition"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point")),
        sa.UniqueConstraint("petition_id", "kind", "position", name=op.f("uq_point_petition_id_kind_position")),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("citizen_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(citizen_id IS NULL) <> (staff_id IS NULL)", name=op.f("ck_sign_in_session_belongs_to_exactly_one_person")
        ),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_sign_in_session_citizen_id_citizen")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_sign_in_session_staff_id_staff")),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_sign_in_session")),
    )
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_session_citizen_id"), ["citizen_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_session_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_session_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "signature",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("public_name", sa.String(length=140), nullable=False),
        sa.Column("territory_kato", sa.String(length=9), nullable=True),
        sa.Column("consent_version", sa.String(length=20), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.Column("evidence_sha256", sa.String(length=64), nullable=False),
        sa.Column("leaf", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("channel IN ('electronic', 'written')", name=op.f("ck_signature_channel_is_known")),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR withdrawn_at >= signed_at", name=op.f("ck_signature_withdrawn_after_signing")
        ),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_signature_citizen_id_citizen")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_signature_petition_id_petition")),
        sa.PrimaryKeyConstraint("petition_id", "id", name=op.f("pk_signature")),
        sa.UniqueConstraint("petition_id", "leaf", name=op.f("uq_signature_petition_id_leaf")),
    )
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_signature_citizen_id_petition_id"), ["citizen_id", "petition_id"], unique=False
        )
        batch_op.create_index(
            "ix_signature_unsealed",
            ["signed_at", "id"],
            unique=False,
            sqlite_where=sa.text("leaf IS NULL"),
            postgresql_where=sa.text("leaf IS NULL"),
        )
        batch_op.create_index(
            "uq_signature_one_in_force",
            ["petition_id", "citizen_id"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "staff_role",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "role IN ('moderator', 'senior_moderator', 'officer', 'head', 'administrator')",
            name=op.f("ck_staff_role_role_is_known"),
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_role_staff_id_staff")),
        sa.PrimaryKeyConstraint("staff_id", "role", name=op.f("pk_staff_role")),
    )
    op.create_table(
        "tally",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("joinings", sa.Integer(), nullable=False),
        sa.Column("removals", sa.Integer(), nullable=False),
        sa.Column("residents", sa.Integer(), nullable=False),
        sa.Column("sealed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("joinings >= removals AND removals >= 0", name=op.f("ck_tally_count_is_not_negative")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_tally_petition_id_petition")),
        sa.PrimaryKeyConstraint("petition_id", name=op.f("pk_tally")),
    )
    op.create_table(
        "territory_tally",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("territory_kato", sa.String(length=9), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_territory_tally_petition_id_petition")),
        sa.PrimaryKeyConstraint("petition_id", "territory_kato", name=op.f("pk_territory_tally")),
    )
    op.create_table(
        "transition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=30), nullable=False),
        sa.Column("from_state", sa.String(length=20), nullable=False),
        sa.Column("to_state", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=10), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_role", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("edition", sa.String(length=10), nullable=False),
        sa.Column("clocks", sa.JSON(), nullable=False),
        sa.Column("announced_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "actor_kind IN ('citizen', 'staff', 'system')", name=op.f("ck_transition_actor_is_known_kind")
        ),
        sa.CheckConstraint(
            "event IN ('filed', 'accepted', 'refused', 'support_reached', 'lapsed', 'withdrawn', 'threshold_reached', 'sent', 'registered', 'deemed_refused', 'decided', 'decided_anew', 'published', 'returned', 'forwarded', 'message_registered', 'message_answered', 'message_noted', 'message_terminated', 'taken_down', 'restored', 'redirected', 'body_queried', 'body_replied', 'media_informed', 'stepped_back', 'visited', 'visit_waived', 'discussion_announced', 'discussion_held', 'group_formed', 'comments_analysed', 'practice_studied', 'body_number_entered', 'statement_made', 'appeal_filed', 'appeal_passed_up', 'appeal_decided', 'commitment_made', 'commitment_updated', 'collection_extended', 'clocks_recomputed', 'sending_notified')",
            name=op.f("ck_transition_event_is_known"),
        ),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_transition_petition_id_petition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transition")),
        sa.UniqueConstraint("petition_id", "seq", name=op.f("uq_transition_petition_id_seq")),
    )
    with op.batch_alter_table("transition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transition_announced_at"), ["announced_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_transition_event_recorded_at"), ["event", "recorded_at"], unique=False)

    op.create_table(
        "clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("term", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=12), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ending", sa.String(length=10), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "ending IS NULL OR ending IN ('met', 'late', 'lapsed', 'cancelled')", name=op.f("ck_clock_ending_is_known")
        ),
        sa.CheckConstraint(
            "kind IN ('check', 'support_electronic', 'support', 'media_letters', 'collection', 'sending', 'sending_notice', 'consideration', 'publication', 'message', 'discussion_notice', 'appeal', 'appeal_pass_up', 'appeal_review', 'court')",
            name=op.f("ck_clock_kind_is_known"),
        ),
        sa.CheckConstraint("unit IN ('working_days', 'months')", name=op.f("ck_clock_unit_is_known")),
        sa.CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name=op.f("ck_clock_end_has_an_ending")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["transition.id"], name=op.f("fk_clock_ended_by_id_transition")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_clock_petition_id_petition")),
        sa.ForeignKeyConstraint(["started_by_id"], ["transition.id"], name=op.f("fk_clock_started_by_id_transition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock")),
    )
    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clock_kind_due_on"), ["kind", "due_on"], unique=False)
        batch_op.create_index(
            "uq_clock_one_running_of_a_kind",
            ["petition_id", "kind"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "decision_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("finding", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "finding IN ('confirmed', 'partly', 'refuted', 'accepted', 'declined')",
            name=op.f("ck_decision_answer_finding_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_decision_answer_decision_id_decision"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["point_id"], ["point.id"], name=op.f("fk_decision_answer_point_id_point")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_answer")),
        sa.UniqueConstraint("decision_id", "point_id", name=op.f("uq_decision_answer_decision_id_point_id")),
    )
    op.create_table(
        "evidence",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("signature_id", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["petition_id", "signature_id"],
            ["signature.petition_id", "signature.id"],
            name=op.f("fk_evidence_petition_id_signature_id_signature"),
        ),
        sa.PrimaryKeyConstraint("petition_id", "signature_id", name=op.f("pk_evidence")),
    )
    op.create_table(
        "refusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("transition_id", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("clause", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("duplicate_of", sa.Integer(), nullable=True),
        sa.Column("hides_text", sa.Boolean(), nullable=False),
        sa.Column("lifted_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "ground <> 'duplicate' OR duplicate_of IS NOT NULL", name=op.f("ck_refusal_duplicate_names_its_original")
        ),
        sa.CheckConstraint("ground IN ('field', 'subject', 'duplicate')", name=op.f("ck_refusal_ground_is_known")),
        sa.ForeignKeyConstraint(["duplicate_of"], ["petition.id"], name=op.f("fk_refusal_duplicate_of_petition")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_refusal_petition_id_petition")),
        sa.ForeignKeyConstraint(["transition_id"], ["transition.id"], name=op.f("fk_refusal_transition_id_transition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refusal")),
    )
    with op.batch_alter_table("refusal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refusal_petition_id"), ["petition_id"], unique=False)

    op.create_table(
        "removal",
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("signature_id", sa.String(length=32), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("leaf", sa.Integer(), nullable=True),
        sa.CheckConstraint("reason IN ('withdrawn', 'invalidated')", name=op.f("ck_removal_reason_is_known")),
        sa.ForeignKeyConstraint(
            ["petition_id", "signature_id"],
            ["signature.petition_id", "signature.id"],
            name=op.f("fk_removal_petition_id_signature_id_signature"),
        ),
        sa.PrimaryKeyConstraint("petition_id", "signature_id", name=op.f("pk_removal")),
        sa.UniqueConstraint("petition_id", "leaf", name=op.f("uq_removal_petition_id_leaf")),
    )
    with op.batch_alter_table("removal", schema=None) as batch_op:
        batch_op.create_index(
            "ix_removal_unsealed",
            ["removed_at"],
            unique=False,
            sqlite_where=sa.text("leaf IS NULL"),
            postgresql_where=sa.text("leaf IS NULL"),
        )


def downgrade() -> None:
    raise RuntimeError("data of a public record moves forward only")
