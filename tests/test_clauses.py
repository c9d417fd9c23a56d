"""A place in the law is named as each language names it."""

from __future__ import annotations

import pytest

from petitions.clauses import clause_named
from petitions.law.policy import SETTINGS


@pytest.mark.parametrize(
    ("clause", "kk", "ru", "en"),
    [
        ("90-5", "90-5-бап", "статья 90-5", "article 90-5"),
        ("90-3(4)", "90-3-баптың 4-тармағы", "статья 90-3, пункт 4", "article 90-3(4)"),
        (
            "90-2(3)(5)",
            "90-2-баптың 3-тармағының 5) тармақшасы",
            "статья 90-2, пункт 3, подпункт 5)",
            "article 90-2(3)(5)",
        ),
        ("90-2(4)-(8)", "90-2-баптың 4–8-тармақтары", "статья 90-2, пункты 4–8", "article 90-2(4)-(8)"),
        ("91-92, 99, 136", "91-92, 99, 136-баптар", "статьи 91-92, 99, 136", "article 91-92, 99, 136"),
        (
            "90-3(5), 76(1)",
            "90-3-баптың 5-тармағы, 76-баптың 1-тармағы",
            "статья 90-3, пункт 5, статья 76, пункт 1",
            "article 90-3(5), 76(1)",
        ),
        ("91-92", "91-92-баптар", "статьи 91-92", "article 91-92"),
        ("136", "136-бап", "статья 136", "article 136"),
    ],
)
def test_a_clause_in_three_languages(clause: str, kk: str, ru: str, en: str) -> None:
    assert [clause_named(clause, language) for language in ("kk", "ru", "en")] == [kk, ru, en]


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_article_that_a_setting_names_is_understood(language: str) -> None:
    for setting in SETTINGS:
        if setting.articles:
            assert "article" not in clause_named(setting.articles, language), setting.name
