"""What is printed: one shape for all figures, goals in both directions, and no goal met by what broke."""

from __future__ import annotations

import json

from petitions.bench.figures import Figure, Goal, as_json, as_line, error_figure

KEYS = ["name", "engine", "value", "unit", "limit", "ratio", "goal", "met"]


def test_every_figure_is_printed_in_one_shape_whatever_else_it_tells() -> None:
    plain = Figure("limit.insert", "sqlite", 7400.4, "rows/s")
    rich = Figure(
        "sign.accepted", "sqlite", 4000.0, "signatures/s", 10_000.0, 0.4, Goal("at least", 0.4), {"p99_ms": 18.0}
    )
    shown = json.loads(as_json([plain, rich, error_figure("pages", "postgresql", ValueError("no such page"))]))
    assert all(list(entry)[: len(KEYS)] == KEYS for entry in shown)
    assert shown[0] == dict(zip(KEYS, ["limit.insert", "sqlite", 7400, "rows/s", None, None, None, None], strict=True))
    assert (shown[1]["goal"], shown[1]["met"], shown[1]["p99_ms"]) == ("ratio >= 0.4", True, 18)


def test_a_goal_bounds_the_ratio_or_the_value_from_below_or_above() -> None:
    slow = Figure("sign.p99", "sqlite", 25.1, "ms", goal=Goal("at most", 25, "value"))
    quick = Figure("sign.p99", "sqlite", 24.9, "ms", goal=Goal("at most", 25, "value"))
    far = Figure("page.hot", "sqlite", 100.0, "req/s", 200.0, 0.5, Goal("at least", 0.9))
    unmeasured = Figure("page.hot", "sqlite", 100.0, "req/s", goal=Goal("at least", 0.9))
    assert [each.met for each in (slow, quick, far, unmeasured)] == [False, True, False, False]


def test_a_scenario_that_broke_has_met_nothing_and_says_why() -> None:
    broken = error_figure("soak", "postgresql", RuntimeError("the disk is full"))
    assert broken.as_json()["met"] is False
    assert "RuntimeError: the disk is full" in as_line(broken)
