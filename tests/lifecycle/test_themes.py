"""Subject areas: chosen by the author if they wish, set at the check, no part of the text that is signed."""

from __future__ import annotations

import pytest

from petitions.db import reading
from petitions.drafting import actions as drafting
from petitions.lifecycle import filing, queries
from petitions.lifecycle.models import Petition
from petitions.lifecycle.themes import THEMES, UnknownTheme, checked
from petitions.moderation import actions as moderation
from tests import making
from tests.conftest import Database
from tests.making import AT, answers, citizen


def theme_of(petition_id: int) -> str | None:
    with reading() as session:
        return queries.standing(session, petition_id).theme


def test_every_area_has_three_names_and_there_is_one_for_the_rest() -> None:
    for code, theme in THEMES.items():
        assert code == theme.code and len(code) <= 30
        assert theme.name_kk and theme.name_ru and theme.name_en
    assert list(THEMES)[-1] == "other"
    assert checked("") is checked(None) is None


def test_an_author_may_choose_one_and_an_unknown_one_is_refused(database: Database) -> None:
    author_id = making.a_citizen()
    petition_id = making.a_draft(author_id, theme="water")
    assert theme_of(petition_id) == "water"
    with pytest.raises(UnknownTheme):
        drafting.save(petition_id, answers(theme="moon"), revision=2, by=citizen(author_id), at=AT)
    drafting.save(petition_id, answers(theme=None), revision=2, by=citizen(author_id), at=AT)
    assert theme_of(petition_id) is None


def test_it_is_no_part_of_what_is_signed(database: Database) -> None:
    petition_id = making.a_draft(theme="water")
    with reading() as session:
        petition = session.get_one(Petition, petition_id)
        before = filing.canonical(petition)
    assert b"water" not in before


@pytest.mark.parametrize(("set_to", "then"), [(None, "water"), ("ecology", "ecology"), ("", None)])
def test_the_checker_keeps_changes_or_takes_it_away(database: Database, set_to: str | None, then: str | None) -> None:
    petition_id = making.a_filed_petition(theme="water")
    moderation.accept(petition_id, by=making.STAFF, at=AT, theme=set_to)
    assert theme_of(petition_id) == then


def test_an_unknown_area_stops_the_acceptance(database: Database) -> None:
    petition_id = making.a_filed_petition()
    with pytest.raises(UnknownTheme):
        moderation.accept(petition_id, by=making.STAFF, at=AT, theme="moon")
    assert making.state_of(petition_id) == "checking"
