"""Words for kinds of units, bodies and days and for the values of settings, in the language of the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from petitions.i18n import format_day, format_number, pick
from petitions.law.policy import Setting, SettingType, Value
from petitions.reference.kinds import BodyKind, DayKind, UnitKind
from petitions.reference.records import PopulationView, TerritoryView

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
    "Bureau of National Statistics, bulletin of 13 February 2023 No 8-15/1004": _l(
        "Bureau of National Statistics, bulletin of 13 February 2023 No 8-15/1004"
    ),
    "Bureau of National Statistics, preliminary release of 2 February 2026": _l(
        "Bureau of National Statistics, preliminary release of 2 February 2026"
    ),
    "Bureau of National Statistics, annual bulletin": _l("Bureau of National Statistics, annual bulletin"),
    "Bureau of National Statistics, through": _l("Bureau of National Statistics, through"),
    (
        "Derived from Bureau of National Statistics, bulletin of 13 February 2023 No 8-15/1004, table 3: "
        "Semey city without the units moved to Zhanasemey"
    ): _l(
        "Derived from Bureau of National Statistics, bulletin of 13 February 2023 No 8-15/1004, table 3: "
        "Semey city without the units moved to Zhanasemey"
    ),
    (
        "Derived from Bureau of National Statistics, bulletin of 13 February 2023 No 8-15/1004, table 3: "
        "Semey administration 328 762 minus Semey city 308 126 = all 12 rural districts and 2 settlements "
        "moved to Zhanasemey"
    ): _l(
        "Derived from Bureau of National Statistics, bulletin of 13 February 2023 No 8-15/1004, table 3: "
        "Semey administration 328 762 minus Semey city 308 126 = all 12 rural districts and 2 settlements "
        "moved to Zhanasemey"
    ),
    "decree text": _l("decree text"),
    'Python package "holidays" 0.109, Kazakhstan': _l('Python package "holidays" 0.109, Kazakhstan'),
    "eGov calendar:": _l("eGov calendar:"),
    "as quoted in the repository": _l("as quoted in the repository"),
    "year inferred: its notes compare with the 1 Jan 2025 bulletin": _l(
        "year inferred: its notes compare with the 1 Jan 2025 bulletin"
    ),
    "apportioned there to the present boundary": _l("apportioned there to the present boundary"),
    "the Feb 2026 preliminary release had 1 293 648": _l("the Feb 2026 preliminary release had 1 293 648"),
    "Atyrau statistics department via": _l("Atyrau statistics department via"),
    "First Credit Bureau": _l("First Credit Bureau"),
    "akim of Aktau, report of 5 Dec 2025": _l("akim of Aktau, report of 5 Dec 2025"),
    "akimat of Alatau": _l("akimat of Alatau"),
}
"""What the sources of the shipped figures are made of, besides addresses and names; what staff enter stays as it is."""
_KNOWN_SOURCE = re.compile("|".join(sorted(map(re.escape, POPULATION_SOURCES), key=len, reverse=True)))
_ESTIMATED = re.compile(r"apportioned|derived|inferred|stated")
YES_NO = ((True, _l("Yes")), (False, _l("No")))


def unit_of(setting: Setting) -> str:
    """What a number of this setting counts; empty where it counts nothing."""
    return str(SETTING_UNITS[setting.unit]) if setting.unit else ""


def source_text(source: str) -> str:
    """Where a population figure comes from, in the language of the page as far as it is known there."""
    return _KNOWN_SOURCE.sub(lambda known: str(POPULATION_SOURCES[known[0]]), source)


def figure_note(figure: PopulationView, unit: TerritoryView) -> str:
    """Whether this figure is the one that counts for its unit, else why it never does; empty for an older one."""
    if (figure.date, figure.population) == (unit.population_date, unit.population):
        return str(_("This figure counts"))
    if not figure.boundary.startswith("current"):
        return str(_("Not used: of former borders"))
    if figure.quality.startswith("rounded"):
        return str(_("Not used: rounded"))
    return str(_("Not used: an estimate")) if _ESTIMATED.search(figure.quality) else ""


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
