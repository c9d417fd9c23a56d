"""The law in plain words: every number comes from the edition, every reading of ours from the settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from petitions.browsing.law_path import PathStep, path, turns
from petitions.browsing.words import (
    ADDRESSEES,
    act_name,
    kinds_text,
    required_text,
    term,
)
from petitions.i18n import format_day, format_number, pick
from petitions.law.editions import EDITIONS, Edition, edition_on
from petitions.law.policy import SETTINGS, Policy, order_for
from petitions.law.states import CLOCKS, ORDER_LABELS, ClockKind, Nature
from petitions.law.topics import Topic, topics
from petitions.reference import queries as reference
from petitions.reference.records import CalendarDayView
from petitions.reference.words import value_text
from petitions.timeline.words import known


@dataclass(frozen=True)
class LawPage:
    """One edition explained; ``current`` is the one a petition filed today would live by."""

    edition: Edition
    current: Edition
    editions: tuple[Edition, ...]
    path: tuple[PathStep, ...]
    turns: tuple[PathStep, ...]
    thresholds: tuple[tuple[str, ...], ...]
    topics: tuple[Topic, ...]
    terms: tuple[tuple[str, ...], ...]
    differences: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class SettingRow:
    """One reading of ours: what it says, its value now, and whether it departs from the default."""

    name: str
    explanation: str
    value: str
    default: str
    changed: bool
    changed_because: str
    changed_on: str
    articles: str
    is_fixed: bool


@dataclass(frozen=True)
class RulesPage:
    settings: tuple[SettingRow, ...]
    current: Edition
    editions: tuple[Edition, ...]
    years: tuple[tuple[int, tuple[CalendarDayView, ...]], ...]


def law_page(session: Session, edition_id: str, today: date) -> LawPage:
    """The law for readers, by the edition asked for, or by today's where there is no such edition."""
    policy = reference.policy(session)
    current = edition_on(today, policy)
    shown = EDITIONS.get(edition_id, current)
    return LawPage(
        edition=shown,
        current=current,
        editions=tuple(EDITIONS.values()),
        path=path(shown, policy),
        turns=turns(shown),
        thresholds=threshold_rows(shown),
        topics=topics(shown),
        terms=term_rows(shown, policy),
        differences=differences(policy),
    )


def rules_page(session: Session, today: date) -> RulesPage:
    """Every setting with its present value, the editions, and the calendar of this year and the next."""
    policy = reference.policy(session)
    overrides = reference.policy_overrides(session)
    rows = []
    for setting in SETTINGS:
        override = overrides.get(setting.name)
        rows.append(
            SettingRow(
                name=setting.name,
                explanation=pick(setting, "explanation"),
                value=value_text(setting, policy[setting.name]),
                default=value_text(setting, setting.default),
                changed=policy[setting.name] != setting.default,
                changed_because=override.reason if override else "",
                changed_on=format_day(override.set_at) if override else "",
                articles=setting.articles,
                is_fixed=setting.is_fixed,
            )
        )
    years = tuple((year, tuple(reference.calendar_days(session, year))) for year in (today.year, today.year + 1))
    return RulesPage(tuple(rows), edition_on(today, policy), tuple(EDITIONS.values()), years)


def threshold_rows(law: Edition) -> tuple[tuple[str, ...], ...]:
    """Addressee, kinds of units, when it counts, how many must join."""
    return tuple(
        (
            known(ADDRESSEES, row.addressee),
            kinds_text(row) or _("The whole country"),
            _("More than %(number)s people live there", number=format_number(row.over)) if row.over else "",
            required_text(row.percent, row.fixed),
            row.article,
        )
        for row in law.thresholds
    )


def term_rows(law: Edition, policy: Policy) -> tuple[tuple[str, ...], ...]:
    """Every term: its name, its length, where it comes from, what happens when it passes."""
    lengths: dict[ClockKind, str] = {
        ClockKind.CHECK: term(law.check),
        ClockKind.SUPPORT: term(law.support_written),
        ClockKind.MEDIA_LETTERS: term(law.media_letters),
        ClockKind.COLLECTION: term(law.collection),
        ClockKind.SENDING_NOTICE: term(law.sending_notice),
        ClockKind.CONSIDERATION: _(
            "%(central)s for a central body, %(local)s for a local one",
            central=term(law.consideration_central),
            local=term(law.consideration_local),
        ),
        ClockKind.PUBLICATION: term(law.publication),
        ClockKind.MESSAGE: term(law.message),
        ClockKind.DISCUSSION_NOTICE: term(law.discussion_notice),
        ClockKind.APPEAL: _(
            "%(usual)s, or %(longer)s when the remedies were not named",
            usual=term(law.appeal),
            longer=term(law.appeal_remedies_not_named),
        ),
        ClockKind.APPEAL_PASS_UP: term(law.appeal_pass_up),
        ClockKind.APPEAL_REVIEW: term(law.appeal_review),
        ClockKind.COURT: term(law.court),
    }
    if law.has_electronic_support_term:
        lengths[ClockKind.SUPPORT_ELECTRONIC] = term(law.support_electronic)
    if policy.flag("sending_by_hand"):
        days = policy.integer("sending_days")
        lengths[ClockKind.SENDING] = ngettext("%(num)s working day", "%(num)s working days", days)
    return tuple(_term_row(kind, lengths[kind]) for kind in ClockKind if kind in lengths)


def differences(policy: Policy) -> tuple[tuple[str, ...], ...]:
    """What the editions say differently, one row a subject, one column an edition."""
    rows: tuple[tuple[str, Callable[[Edition], str]], ...] = (
        (_("In force for petitions filed from"), lambda law: format_day(_starts(law, policy))),
        (_("Act"), act_name),
        (_("What comes first"), lambda law: pick(ORDER_LABELS[order_for(law, policy)], "name")),
        (_("Term for the first supporters, on the site"), lambda law: term(law.support_electronic)),
        (_("Term for the first supporters, on paper"), lambda law: term(law.support_written)),
        (_("The check is counted from"), _check_from),
        (_("Earlier petition on the same subject"), _duplicates),
        (_("Barred subjects"), lambda law: format_number(len(topics(law)))),
        (
            _("The subject is named apart from the content"),
            lambda law: _("Yes") if "subject" in law.fields else _("No"),
        ),
    )
    return tuple((label, *(say(law) for law in EDITIONS.values())) for label, say in rows)


def _starts(law: Edition, policy: Policy) -> date:
    """The first day of the 2026 edition is a reading of ours."""
    return policy.day("edition_2026_in_force_from") if law.id == "2026-03-02" else law.in_force_from


def _term_row(kind: ClockKind, length: str) -> tuple[str, ...]:
    info = CLOCKS[kind]
    natures = {
        Nature.LEGAL: _("The law"),
        Nature.POLICY: _("Policy: the law is silent"),
        Nature.INFORMATIONAL: _("For information"),
    }
    passed = _("Shown to everybody as overdue") if info.breach else _("The chance has passed")
    article = "" if info.nature is Nature.POLICY else info.article
    return pick(info.label, "name"), length, natures[info.nature], article, passed


def _check_from(law: Edition) -> str:
    if "filed" in law.check_counted_from:
        return str(_("From the day of filing, or from the last of the first supporters"))
    return str(_("From the last of the first supporters"))


def _duplicates(law: Edition) -> str:
    if law.duplicates.years is None:
        return str(_("Bars a new one as long as it is on the site"))
    return str(
        ngettext(
            "Bars a new one while it is open, and %(num)s year after its decision",
            "Bars a new one while it is open, and %(num)s years after its decision",
            law.duplicates.years,
        )
    )
