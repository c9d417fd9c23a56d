"""Three languages: the path says which. Numbers and days are written as each language writes them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from flask import Flask, g, has_request_context
from flask_babel import Babel, lazy_gettext

from petitions.law.working_days import ZONE

LANGUAGES = ("kk", "ru", "en")
DEFAULT_LANGUAGE = "kk"
LANGUAGE_NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
PETITION_LANGUAGES = ("kk", "ru")
# Days in full words: a shortened "year" would put a full stop into the middle of a sentence.
DAY_FORMATS = {"kk": "y 'жылғы' d MMMM", "ru": "d MMMM y 'года'"}
CATALOGUES = Path(__file__).parent / "translations"


def _l(text: str, **values: object) -> str:
    """A text of the page's language, chosen when it is shown; WTForms' types know no lazy ones."""
    return cast(str, lazy_gettext(text, **values))


def init_app(app: Flask) -> None:
    """Teach an application its languages; stale catalogues are compiled first."""
    compile_catalogues()
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(CATALOGUES)
    app.config["BABEL_DEFAULT_LOCALE"] = "en"
    Babel(app, locale_selector=current_language)
    app.jinja_env.filters.update(
        day=format_day, moment=format_moment, number=format_number, local=pick, clock_time=format_clock_time
    )


def current_language() -> str:
    """The language of the page being made; Kazakh where nothing says otherwise."""
    if has_request_context():
        return str(g.get("lang", DEFAULT_LANGUAGE))
    from flask import has_app_context

    return str(g.get("lang", DEFAULT_LANGUAGE)) if has_app_context() else DEFAULT_LANGUAGE


def pick(thing: Any, name: str) -> str:
    """``name_kk``, ``name_ru`` or ``name_en`` of a thing (or mapping) by the current language."""
    language = current_language()
    for candidate in (language, *LANGUAGES):
        key = f"{name}_{candidate}"
        value = thing.get(key) if isinstance(thing, dict) else getattr(thing, key, None)
        if value:
            return str(value)
    return ""


def format_day(day: date | datetime | None) -> str:
    """A calendar day in full; a moment is first taken to Kazakhstan's day."""
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = day.astimezone(ZONE).date()
    language = current_language()
    return format_date(day, format=DAY_FORMATS.get(language, "long"), locale=language)


def format_moment(moment: datetime | None) -> str:
    """Day and hour in Kazakhstan."""
    if moment is None:
        return ""
    return f"{format_day(moment)}, {moment.astimezone(ZONE):%H:%M}"


def format_clock_time(moment: datetime) -> str:
    return format_datetime(moment.astimezone(ZONE), "HH:mm", locale=current_language())


def format_number(number: int | float | None) -> str:
    return "" if number is None else format_decimal(number, locale=current_language())


def compile_catalogues() -> None:
    """Write the compiled form of every catalogue that is older than its text."""
    for text in CATALOGUES.glob("*/LC_MESSAGES/messages.po"):
        compiled = text.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= text.stat().st_mtime:
            continue
        with text.open("rb") as file:
            catalogue = read_po(file, locale=text.parts[-3])
        fresh = compiled.with_suffix(f".{id(catalogue)}.new")
        with fresh.open("wb") as out:
            write_mo(out, catalogue)
        fresh.replace(compiled)
