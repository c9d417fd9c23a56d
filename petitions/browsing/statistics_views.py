"""The statistics with their data, and the statement on accessibility."""

from __future__ import annotations

from datetime import date

from flask import Response, current_app, render_template

from petitions import clock
from petitions.browsing import statistics as counting
from petitions.browsing import statistics_files, statistics_page
from petitions.browsing.blueprint import bp, door
from petitions.db import reading
from petitions.errors import NotFound
from petitions.law.editions import edition_on
from petitions.law.working_days import local_date
from petitions.page_cache import cacheable
from petitions.permissions import Permission, requires
from petitions.reference import queries as reference
from petitions.web import download

PREPARED_ON = date(2026, 11, 22)
"""The day on which the statement was last held against the tests."""


@bp.get("/statistics")
@cacheable()
@requires(Permission.READ_PUBLIC)
def statistics() -> str:
    now = clock.now()
    with reading() as session:
        found, days = counting.statistics(session, now), counting.joinings_by_day(session, now)
        law = edition_on(local_date(now), reference.policy(session))
    return render_template("browsing/statistics.html", page=statistics_page.page_of(found, days), law=law)


@door.get("/statistics/<name>.csv")
@cacheable()
@requires(Permission.READ_PUBLIC)
def statistics_file(name: str) -> Response:
    if not statistics_files.is_file(name):
        raise NotFound
    now = clock.now()
    with reading() as session:
        if name == "joinings":
            content = statistics_files.joinings(counting.joinings_by_day(session, now))
        else:
            content = statistics_files.written(name, counting.statistics(session, now))
    return download(content, name=f"statistics-{name}.csv", mimetype="text/csv")


@bp.get("/accessibility")
@cacheable()
@requires(Permission.READ_PUBLIC)
def accessibility() -> str:
    contact = current_app.extensions["config"].contact_email
    return render_template("browsing/accessibility.html", contact=contact, prepared_on=PREPARED_ON)
