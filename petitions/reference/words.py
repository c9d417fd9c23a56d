"""Words for kinds of units, bodies and days and for the values of settings, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from petitions.i18n import format_day, format_number, pick
from petitions.law.policy import Setting, SettingType, Value
from petitions.reference.kinds import BodyKind, DayKind, UnitKind

UNIT_KINDS: Mapping[UnitKind, Any] = {
    UnitKind.OBLAST: _l("Oblast"),
    UnitKind.REPUBLICAN_CITY: _l("City of republican significance or the capital"),
    UnitKind.DISTRICT: _l("District"),
    UnitKind.CITY: _l("City of oblast significance"),
    UnitKind.CITY_DISTRICT: _l("City district"),
    UnitKind.TOWN: _l("Town of district significance"),
    UnitKind.SETTLEMENT: _l("Settlement"),
    UnitKind.RURAL_DISTRICT: _l("Rural district or village"),
}
BODY_KINDS: Mapping[BodyKind, Any] = {
    BodyKind.MINISTRY: _l("Ministry"),
    BodyKind.AGENCY: _l("Agency"),
    BodyKind.CENTRAL: _l("Other central body"),
    BodyKind.AKIMAT: _l("Akimat"),
    BodyKind.AKIM_OFFICE: _l("Office of the akim"),
    BodyKind.MASLIKHAT: _l("Maslikhat"),
}
DAY_KINDS: Mapping[DayKind, Any] = {
    DayKind.HOLIDAY: _l("Public holiday"),
    DayKind.OBSERVED: _l("Day off for a holiday on a weekend"),
    DayKind.MOVED_DAY_OFF: _l("Moved day off"),
    DayKind.WORKING_SATURDAY: _l("Worked weekend day"),
}
SETTING_UNITS = {
    "years": _l("years"),
    "months": _l("months"),
    "days": _l("days"),
    "hours": _l("hours"),
    "minutes": _l("minutes"),
    "working days": _l("working days"),
    "working day": _l("working day"),
}
POPULATION_SOURCES: Mapping[str, Any] = {
    "Bureau of National Statistics, bulletin of 13 February 2023 No 8-15/1004, tables 1-2": _l(
        "Bureau of National Statistics, bulletin of 13 February 2023 No 8-15/1004, tables 1-2"
    ),
    "Bureau of National Statistics, bulletin of 13 February 2023 No 8-15/1004, table 3": _l(
        "Bureau of National Statistics, bulletin of 13 February 2023 No 8-15/1004, table 3"
    ),
    "Bureau of National Statistics, preliminary release of 2 February 2026": _l(
        "Bureau of National Statistics, preliminary release of 2 February 2026"
    ),
    "Bureau of National Statistics, annual bulletin": _l("Bureau of National Statistics, annual bulletin"),
}
"""How the sources of the shipped figures begin; the rest of each is an address or a note in the words of its finder."""
YES_NO = ((True, _l("Yes")), (False, _l("No")))


def unit_of(setting: Setting) -> str:
    """What a number of this setting counts; empty where it counts nothing."""
    return str(SETTING_UNITS[setting.unit]) if setting.unit else ""


def source_text(source: str) -> str:
    """Where a population figure comes from, in the language of the page as far as it is known there."""
    known = next((begin for begin in POPULATION_SOURCES if source.startswith(begin)), "")
    return f"{POPULATION_SOURCES[known]}{source[len(known) :]}" if known else source


def value_text(setting: Setting, value: Value) -> str:
    """A setting's value as a person reads it."""
    if setting.type is SettingType.CHOICE:
        label = setting.choice_labels.get(str(value))
        return pick(label, "name") if label else _("As described")
    if isinstance(value, bool):
        return str(dict(YES_NO)[value])
    if isinstance(value, int):
        number = format_number(value)
        return _("%(value)s (%(unit)s)", value=number, unit=unit_of(setting)) if setting.unit else number
    if isinstance(value, date):
        return format_day(value)
    if isinstance(value, tuple):
        return ", ".join(value)
    return value.strftime("%H:%M") if isinstance(value, time) else value
