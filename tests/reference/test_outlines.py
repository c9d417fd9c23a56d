"""The shipped outlines: every unit once, in the picture of its parent, and offered as the licence asks."""

from __future__ import annotations

import json
import re

import pytest

from petitions.reference import outlines, shipped

PATH = re.compile(r"M[MlazZ0-9 .-]+z")


def katos(level: int) -> dict[str, str | None]:
    """The units of a level with their parents."""
    return {row["kato"]: row["parent_kato"] for row in shipped.territories() if row["level"] == level}


def test_every_top_unit_is_drawn_once_and_the_three_cities_last() -> None:
    drawn = outlines.country().outlines
    assert sorted(outline.kato for outline in drawn) == sorted(katos(1))
    assert [outline.kato for outline in drawn if outline.is_circle] == ["710000000", "750000000", "790000000"]
    assert [outline.is_circle for outline in drawn] == [False] * 17 + [True] * 3


def test_every_district_and_city_is_drawn_once_in_the_picture_of_its_own_unit() -> None:
    drawn = [
        (outline.kato, top)
        for top in katos(1)
        if (picture := outlines.districts(top)) is not None
        for outline in picture.outlines
    ]
    assert len(drawn) == len(dict(drawn)) == 228
    assert dict(drawn) == katos(2)


def test_nothing_is_drawn_of_a_district() -> None:
    assert outlines.districts("395400000") is None
    assert outlines.districts("no") is None


@pytest.mark.parametrize("top", [None, *katos(1)])
def test_shapes_are_plain_paths_and_numbers_stand_inside_the_picture(top: str | None) -> None:
    drawing = outlines.country() if top is None else outlines.districts(top)
    assert drawing is not None
    for outline in drawing.outlines:
        assert PATH.fullmatch(outline.path), outline.kato
        assert all(0 <= each <= 100 for each in outline.label), outline.kato
    width, height = drawing.largest
    assert width <= outlines.LARGEST_WIDTH
    assert height <= outlines.LARGEST_HEIGHT
    assert abs(width / height - drawing.width / drawing.height) < 0.01


@pytest.mark.parametrize("name", outlines.FILES)
def test_the_files_name_their_source_and_their_licence(name: str) -> None:
    found = json.loads(outlines.file(name))
    assert found["licence"] == "ODbL-1.0"
    assert "OpenStreetMap contributors" in found["source"]
