"""Searching and listing where there are very many petitions: ranked full-text search, and the list with its facets."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import accumulate
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from petitions.bench import crowd
from petitions.bench.figures import Figure, Goal
from petitions.bench.site import AT
from petitions.bench.stage import Stage, against
from petitions.db import reading, transaction
from petitions.lifecycle.models import Petition, Transition
from petitions.lifecycle.themes import THEMES
from petitions.reference.models import Territory
from petitions.search.indexing import index_petitions

AT_ONCE = 1_000
WORDS_OF_A_TEXT = 60
VOCABULARY = 20_000
QUERIES = 400  # more than a process keeps the answers of
_SHARES = tuple(accumulate(1 / (rank + 30) for rank in range(VOCABULARY)))  # Zipf, without the very commonest
_SOUNDS = "байгедолжанзеркөмқаллаймекнұрпаррайсантаушалтынбірқосбуретау"
_SYLLABLES = tuple(_SOUNDS[at : at + 3] for at in range(0, len(_SOUNDS), 3))
_ENDINGS = ("", "", "", "лар", "ды", "ның", "да", "ға", "дағы", "сы", "ын", "ларды")
STATES = ("open",) * 6 + ("returned",) * 6 + ("published",) * 2 + ("refused", "examination")


def searching(stage: Stage) -> Iterator[Figure]:
    """Every request of a search asks for other words, so that none is answered from memory."""
    chance = random.Random(stage.scale.listed)
    words = _vocabulary(chance)
    _bring(stage, chance, words)
    began = time.perf_counter()
    looked_at = index_petitions(AT)
    seconds = time.perf_counter() - began
    crowd.settle()
    yield Figure("search.indexed", stage.engine, looked_at / seconds, "petitions/s", details={"seconds": seconds})

    uncached = stage.product("uncached")
    found = stage.compare(
        {
            "limit.flask": stage.get(stage.beside("constant"), "/"),
            "search.ranked": stage.get(uncached, *_searches(chance, words)),
            "search.list": stage.get(uncached, "/kk/petitions"),
            "search.facets": stage.get(uncached, *(f"/kk/petitions?theme={each}&sort=closing" for each in THEMES)),
        }
    )
    limit = found["limit.flask"]
    goals = {"search.ranked": Goal("at least", 0.02), "search.list": Goal("at least", 0.15), "search.facets": None}
    for name, goal in goals.items():
        yield against(stage, name, found[name], limit, goal, petitions=stage.scale.listed)


def _vocabulary(chance: random.Random) -> list[str]:
    """Words that sound Kazakh; few of them are common, as in every language."""
    made = {"".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _each in range(2 * VOCABULARY)}
    words = sorted(made)
    chance.shuffle(words)
    return words[:VOCABULARY]


def _searches(chance: random.Random, words: list[str]) -> list[str]:
    """One word or two, with and without a subject area, common and rare as they stand in the texts."""
    drawn = _drawn(chance, words, 3 * QUERIES)
    addresses = []
    for number in range(QUERIES):
        one, other, third = drawn[3 * number : 3 * number + 3]
        text = (one, f"{one} {other}", f"{one}ның {other}", f"{third}лар")[number % 4]
        more = f"&theme={chance.choice(list(THEMES))}" if number % 4 == 3 else ""
        addresses.append(f"/kk/petitions?q={quote(text)}{more}")
    return addresses


def _drawn(chance: random.Random, words: list[str], number: int) -> list[str]:
    """Words as often as their rank tells."""
    return chance.choices(words, cum_weights=_SHARES[: len(words)], k=number)


def _bring(stage: Stage, chance: random.Random, words: list[str]) -> None:
    """Copies of one petition with texts, places and areas of their own, each with the step that made it public."""
    model = stage.storm
    with reading() as session:
        petition = dict(session.execute(sa.select(Petition.__table__).where(Petition.id == model)).one()._mapping)
        step = session.execute(sa.select(Transition.__table__).where(Transition.petition_id == model)).first()
        katos = list(session.scalars(sa.select(Territory.kato)))
        first = (session.scalar(sa.select(sa.func.max(Petition.id))) or 0) + 1
    assert step is not None  # noqa: S101 - a petition that is open has taken steps
    transition = {name: value for name, value in step._mapping.items() if name != "id"}
    for begun in range(0, stage.scale.listed, AT_ONCE):
        numbers = range(begun, min(begun + AT_ONCE, stage.scale.listed))
        rows = [_petition(petition, first + number, chance, words, katos) for number in numbers]
        steps = [transition | {"petition_id": row["id"], "seq": 1, "to_state": row["state"]} for row in rows]
        with transaction() as session:
            session.execute(sa.insert(Petition.__table__), rows)  # type: ignore[arg-type]
            session.execute(sa.insert(Transition.__table__), steps)  # type: ignore[arg-type]


def _petition(
    like: dict[str, Any], petition_id: int, chance: random.Random, words: list[str], katos: list[str]
) -> dict[str, Any]:
    text = [word + chance.choice(_ENDINGS) for word in _drawn(chance, words, WORDS_OF_A_TEXT)]
    opened_at = AT - timedelta(minutes=chance.randrange(60 * 24 * 700))
    return like | {
        "id": petition_id,
        "link_token": None,
        "state": chance.choice(STATES),
        "title": " ".join(text[:7]).capitalize(),
        "content": " ".join(text[7:]),
        "addressee": "akimat",
        "territory_kato": chance.choice(katos),
        "theme": chance.choice([None, *THEMES]),
        "language": chance.choice(("kk", "ru")),
        "opened_at": opened_at,
        "state_since": opened_at,
        "opens_at": opened_at,
        "closes_at": opened_at + timedelta(days=365),
    }
