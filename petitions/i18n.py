"""Three languages: the path says which. Numbers and days are written as each language writes them.

A page says a hundred words and days: each is looked up or formatted once a process, not once a page.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations
from flask import Flask, g
from flask_babel import Babel, Domain, get_translations, lazy_gettext, refresh
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from petitions.clauses import clause_named
from petitions.law.working_days import ZONE

LANGUAGES = ("kk", "ru", "en")
DEFAULT_LANGUAGE = "kk"
KAZAKH_LETTERS = frozenset("әғқңөұүһі")
LANGUAGE_NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
PETITION_LANGUAGES = ("kk", "ru")
# Days in full words: a shortened "year" would put a full stop into the middle of a sentence.
DAY_FORMATS = {"kk": "y 'жылғы' d MMMM", "ru": "d MMMM y 'года'"}
PERCENT_SIGNS = {"kk": "\N{NO-BREAK SPACE}%", "ru": "\N{NO-BREAK SPACE}%", "en": "%"}
CATALOGUES = Path(__file__).parent / "translations"


def _l(text: str, **values: object) -> str:
    """A text of the page's language, chosen when it is shown; WTForms' types know no lazy ones."""
    return cast(str, lazy_gettext(text, **values))


def init_app(app: Flask) -> None:
    """Teach an application its languages; stale catalogues are compiled first."""
    compile_catalogues()
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(CATALOGUES)
    app.config["BABEL_DEFAULT_LOCALE"] = "en"
    babel = Babel(app, locale_selector=current_language)
    babel.domain_instance = _Catalogues()
    app.jinja_env.globals.update(gettext=_page_text, _=_page_text)
    app.jinja_env.filters.update(
        day=format_day,
        last_whole_day=last_whole_day,
        moment=format_moment,
        number=format_number,
        percent=format_percent,
        local=pick,
        clock_time=format_clock_time,
        article=format_article,
        written_in=written_in,
        own_words=own_words,
    )


def current_language() -> str:
    """The language of the page being made; Kazakh where nothing says otherwise."""
    return str(g.get("lang", DEFAULT_LANGUAGE)) if g else DEFAULT_LANGUAGE


def speak(language: str) -> None:
    """Answer this request in another language than its address names, and forget the texts that words have chosen."""
    g.lang = language
    refresh()


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
    return _day_in(current_language(), day)


def format_moment(moment: datetime | None) -> str:
    """Day and hour in Kazakhstan."""
    if moment is None:
        return ""
    return f"{format_day(moment)}, {moment.astimezone(ZONE):%H:%M}"


def last_whole_day(moment: datetime | None) -> date | None:
    """The day that ends at this moment in Kazakhstan; None when it is in the middle of a day.

    Who reads "until 17 October, 00:00" thinks of the seventeenth: a page names the sixteenth as the last day.
    """
    if moment is None:
        return None
    local = moment.astimezone(ZONE)
    return local.date() - timedelta(days=1) if local.time() == time.min else None


def format_clock_time(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%H:%M}"


def format_article(clause: str) -> str:
    """A place in the law, without a capital letter: "article 90-5"."""
    return clause_named(clause, current_language())


def format_number(number: int | float | None) -> str:
    return "" if number is None else _number_in(current_language(), number)


def format_percent(share: int | float | None) -> str:
    """A share in per cent: "92%", and in Kazakh and Russian with a space that breaks no line; nothing of None."""
    return "" if share is None else _number_in(current_language(), share) + PERCENT_SIGNS[current_language()]


def written_in(text: str | None) -> str | None:
    """The language of words whose record does not name one: Kazakh by its own letters, else Russian; None of Latin."""
    letters = set((text or "").casefold())
    if letters & KAZAKH_LETTERS:
        return "kk"
    return "ru" if any("а" <= letter <= "я" for letter in letters) else None


def own_words(sentence: str, words: str) -> str:
    """A sentence of the page that quotes somebody: their words are marked with the language they are written in."""
    language = written_in(words)
    if not words or language is None or words not in sentence:
        return sentence
    before, _quoted, after = sentence.rpartition(words)
    return escape(before) + Markup('<span lang="%s">%s</span>') % (language, words) + escape(after)


class _Catalogues(Domain):  # type: ignore[misc]
    """The texts of the request's language. Flask-Babel works out which that is at every word; here once a request."""

    def __init__(self) -> None:
        super().__init__()
        self._of_pages: dict[str, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        return _catalogue() or self._chosen()

    def _chosen(self) -> NullTranslations:
        if not g:
            return cast(NullTranslations, super().get_translations())
        about = g._flask_babel
        language = "" if getattr(about, "babel_locale", None) else current_language()  # force_locale() sets a locale
        chosen = self._of_pages.get(language) or super().get_translations()
        if language:
            self._of_pages[language] = chosen
        about.babel_translations = chosen
        return cast(NullTranslations, chosen)


def _catalogue() -> NullTranslations | None:
    """What this request has chosen, if anything yet; force_locale() empties it and puts it back."""
    try:
        return cast(NullTranslations | None, g._flask_babel.babel_translations)
    except (AttributeError, RuntimeError):
        return None


@pass_eval_context
def _page_text(about: EvalContext, text: str, /, **values: object) -> str:
    """``_()`` of the templates: Jinja's own takes three calls for each of a page's words."""
    catalogue = _catalogue() or get_translations()
    if values or not about.autoescape:
        translated = catalogue.gettext(text)
        return (Markup(translated) if about.autoescape else translated) % values  # noqa: S704 - our own words
    return _word(catalogue, text)


@lru_cache(maxsize=10_000)
def _word(catalogue: NullTranslations, text: str) -> Markup:
    return Markup(catalogue.gettext(text)) % {}  # noqa: S704 - our own words; "%%" is one per cent sign


@lru_cache(maxsize=2_000)
def _day_in(language: str, day: date) -> str:
    return format_date(day, format=DAY_FORMATS.get(language, "long"), locale=language)


@lru_cache(maxsize=2_000)
def _number_in(language: str, number: int | float) -> str:
    return format_decimal(number, locale=language)


def load_catalogues(app: Flask) -> None:
    """Read the texts of every language, so that the first pages need not, each for itself."""
    with app.app_context():
        for language in LANGUAGES:
            speak(language)
            get_translations()


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
