"""Pictures of numbers: what is drawn is what was counted."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from petitions.browsing import charts
from petitions.browsing.charts import Point

SEED = random.Random(5)


def points(*values: int) -> list[Point]:
    return [Point(str(number), value) for number, value in enumerate(values)]


@pytest.mark.parametrize(
    ("most", "top"), [(0, 2), (1, 2), (3, 4), (9, 10), (10, 10), (11, 20), (61, 80), (50_000, 60_000)]
)
def test_a_scale_ends_on_a_number_whose_half_is_whole(most: int, top: int) -> None:
    assert charts.round_up(most) == top


def test_a_scale_never_cuts_a_value_off() -> None:
    for _ in range(500):
        most = SEED.randrange(10 ** SEED.randrange(1, 8))
        top = charts.round_up(most)
        assert most <= top <= max(2, 2 * most)
        assert top % 2 == 0


def test_columns_stand_on_the_ground_and_side_by_side() -> None:
    drawn = charts.columns(points(0, 5, 10)).columns
    assert [(each.y, each.height) for each in drawn] == [(100, 0), (50, 50), (0, 100)]
    for before, after in pairwise(drawn):
        assert before.x + before.width < after.x
    assert drawn[-1].x + drawn[-1].width < 100


def test_the_newest_column_has_its_name_and_a_phone_has_room_for_all_names() -> None:
    for number in (1, 6, 7, 12, 30):
        marked = [each.is_marked for each in charts.columns(points(*range(number))).columns]
        assert marked[-1]
        assert sum(marked) <= charts.MOST_MARKS
    assert charts.columns([]).columns == ()


def test_the_longest_bar_fills_the_picture() -> None:
    assert [bar.width for bar in charts.bars(points(1, 4, 0))] == [25, 100, 0]
    assert [bar.width for bar in charts.bars(points(0, 0))] == [0, 0]


def test_the_parts_of_a_whole_touch_and_their_per_cents_make_a_hundred() -> None:
    for _ in range(300):
        values = [SEED.randrange(9) for _ in range(SEED.randrange(1, 6))]
        slices = charts.shares(points(*values))
        if not sum(values):
            assert slices == ()
            continue
        assert sum(each.percent for each in slices) == 100
        for before, after in pairwise(slices):
            assert before.x + before.width == pytest.approx(after.x, abs=0.02)
        assert slices[-1].x + slices[-1].width == pytest.approx(100, abs=0.02)
