"""What the demonstration's people say fits what they say it about; test_seeding walks it through the law."""

from __future__ import annotations

import pytest

from petitions.comments.models import LONGEST, Rule, Stance
from petitions.comments.trouble import personal_data
from petitions.demo.seeds import Seed, seeds
from petitions.demo.talking import said_of
from petitions.discussion.moderating import FEWEST_LETTERS
from petitions.identity.demo_staff import DEMO_STAFF

SPOKEN_OF = [seed for seed in seeds() if said_of(seed.key)]
OFFICERS = {each.key for each in DEMO_STAFF if each.key.endswith("-officer")}


@pytest.mark.parametrize("seed", SPOKEN_OF, ids=lambda seed: seed.key)
def test_every_comment_fits_its_petition(seed: Seed) -> None:
    points = {f"argument {number}" for number in range(1, len(seed.arguments) + 1)}
    points |= {f"proposal {number}" for number in range(1, len(seed.proposals) + 1)}
    rows = said_of(seed.key)
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    for row in rows:
        assert Stance(row["stance"]) and row["language"] in ("kk", "ru", "en")
        assert row.get("about") is None or row["about"] in points
        assert len(row["text"]) <= LONGEST and not personal_data(row["text"])
        assert all(reply.get("who") in {None, "author", *OFFICERS} for reply in row.get("reply", ()))
        if "hidden" in row:
            assert Rule(row["hidden"]) and len(row["why"]) >= FEWEST_LETTERS


def test_the_demonstration_shows_all_there_is_to_see() -> None:
    rows = [row for seed in SPOKEN_OF for row in said_of(seed.key)]
    assert {row["stance"] for row in rows} == set(Stance)
    assert {row["language"] for row in rows} == {"kk", "ru", "en"}
    voices = {reply.get("who", "citizen") for row in rows for reply in row.get("reply", ())}
    assert {"author", "citizen"} < voices and voices & OFFICERS
    assert any("restored" in row for row in rows) and any("hidden" in row and "restored" not in row for row in rows)
