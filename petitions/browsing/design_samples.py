"""What the living page of the design system shows in pictures, on the map, as comments: samples, never real numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask_babel import gettext as _

from petitions.browsing import charts
from petitions.browsing.count_picture import Line, line
from petitions.browsing.map_numbers import PlaceNumbers
from petitions.browsing.map_page import MapPage, map_page
from petitions.comments.models import Stance, Voice
from petitions.comments.queries import About, CommentView, Status
from petitions.law.working_days import ZONE
from petitions.reference import outlines
from petitions.reference.records import TerritoryView

MOMENT = datetime(2026, 6, 26, 14, 5, tzinfo=ZONE)
JOINED, NEEDED = 2_180, 2_500
PETITION = 1
_GROWTH = (0, 60, 240, 420, 900, 1_310, 1_350, 1_620, 1_940, JOINED)


@dataclass(frozen=True)
class SampleCount:
    """What the small picture of a count asks of a petition's page."""

    picture: Line
    joined: int = JOINED
    needed: int = NEEDED


@dataclass(frozen=True)
class Samples:
    """Everything the page shows that is more than a text."""

    columns: charts.Columns
    bars: tuple[charts.Bar, ...]
    shares: tuple[charts.Slice, ...]
    rows: tuple[tuple[str, int], ...]
    count: SampleCount
    map: MapPage
    comment: CommentView
    answer: CommentView


def samples(units: list[TerritoryView]) -> Samples:
    """In the language of the page; ``units``: those of the map."""
    points = [charts.Point(str(2020 + year), value) for year, value in enumerate((12, 31, 24, 56, 48, 73, 90))]
    places = ((_("Region"), 128), (_("District"), 61), (_("Village or settlement"), 7))
    parts = ((_("Satisfied"), 41), (_("Satisfied in part"), 27), (_("Refused"), 18))
    comment = _comment()
    return Samples(
        columns=charts.columns(points),
        bars=charts.bars([charts.Point(name, value) for name, value in places]),
        shares=charts.shares([charts.Point(name, value) for name, value in parts]),
        rows=tuple((point.name, point.value) for point in points),
        count=SampleCount(_count()),
        map=_map(units),
        comment=comment,
        answer=replace(
            comment,
            id="2",
            parent_id="1",
            voice=Voice.AUTHOR,
            name="Данияр С.",
            stance=None,
            about=None,
            text="Күзге дейін ашылуын сұраймыз.",
        ),
    )


def _count() -> Line:
    begins = datetime(2026, 6, 1, tzinfo=ZONE)
    return line([(begins + timedelta(days=day), count) for day, count in enumerate(_GROWTH)], NEEDED)


def _map(units: list[TerritoryView]) -> MapPage:
    """The country with made-up numbers, some places without any."""
    numbers = {
        unit.kato: PlaceNumbers(petitions=rank * 3, open=rank, in_time=rank)
        for rank, unit in enumerate(units)
        if rank % 7
    }
    return map_page(units, numbers, outlines.country())


def _comment() -> CommentView:
    return CommentView(
        petition_id=PETITION,
        id="1",
        parent_id=None,
        voice=Voice.CITIZEN,
        name="Айгүл Қ.",
        body=None,
        language="kk",
        stance=Stance.QUESTION,
        about=About("proposal", 2),
        text="Аялдама қай күні ашылады?",
        status=Status.SHOWN,
        written_at=MOMENT,
        edited_at=None,
        rulings=(),
    )
