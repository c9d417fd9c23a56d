"""What search engines are led to: the main pages, and petitions that everybody may read, in each language.

A file holds the petitions of one stretch of numbers, so that no file moves when petitions are added, each is small
enough to be kept, and however many petitions there are a file asks for those of its own stretch only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape, quoteattr

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.i18n import LANGUAGES
from petitions.law.working_days import local_date
from petitions.lifecycle.models import SUBJECT as PETITIONS
from petitions.lifecycle.models import Petition
from petitions.search.documents import findable
from petitions.versions import Kept

STRETCH = 300  # petitions; a file of theirs stays below a megabyte
MAIN = 0  # the number of the file of the main pages
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'

_kept = Kept(PETITIONS, most=1)


@dataclass(frozen=True)
class Listed:
    """A page in every language: its addresses by language, and the day since when its state stands."""

    addresses: dict[str, str]
    changed_on: date | None = None


def files(session: Session) -> tuple[int, ...]:
    """The numbers of the files that hold something, the main pages' first."""
    stretch = ((Petition.id - 1) // STRETCH + 1).label("stretch")
    wanted = sa.select(stretch).where(findable()).distinct().order_by(stretch)
    found: tuple[int, ...] = _kept.get(session, "files", lambda: tuple(session.scalars(wanted)))
    return MAIN, *found


def petitions_of(session: Session, file: int) -> tuple[tuple[int, date], ...]:
    """The petitions of one file: number, and the day since when the state stands. Empty where there is no such file."""
    first = (file - 1) * STRETCH + 1
    rows = session.execute(
        sa.select(Petition.id, Petition.state_since)
        .where(Petition.id.between(first, first + STRETCH - 1), findable())
        .order_by(Petition.id)
    )
    return tuple((row.id, local_date(row.state_since)) for row in rows)


def index_of(addresses: Iterable[str]) -> str:
    """The file that names the others."""
    lines = "".join(f"<sitemap><loc>{escape(address)}</loc></sitemap>\n" for address in addresses)
    return f"{_HEAD}<sitemapindex {_NAMES}>\n{lines}</sitemapindex>\n"


def file_of(pages: Iterable[Listed]) -> str:
    """A file of pages. Each language's page names those in the others."""
    return f"{_HEAD}<urlset {_NAMES}>\n{''.join(line for page in pages for line in _lines(page))}</urlset>\n"


def _lines(page: Listed) -> Iterator[str]:
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href={quoteattr(page.addresses[language])}/>'
        for language in LANGUAGES
    )
    changed = f"<lastmod>{page.changed_on.isoformat()}</lastmod>" if page.changed_on else ""
    for language in LANGUAGES:
        yield f"<url><loc>{escape(page.addresses[language])}</loc>{changed}{others}</url>\n"
