"""A place in the law as each language names it: "90-2(3)(5)" is "90-2-баптың 3-тармағының 5) тармақшасы" in Kazakh."""

from __future__ import annotations

import re

_ONE = re.compile(r"(?P<article>\d+(?:-\d+)?)(?:\((?P<first>\d+)\))?(?:\((?P<point>\d+)\)|-\((?P<last>\d+)\))?")
_RANGE = re.compile(r"\d\d-\d\d")


def clause_named(clause: str, language: str) -> str:
    """The article, its paragraph and subparagraph, in the nominative and without a capital letter.

    Takes what `law` writes: "90-5", "90-2(3)", "90-2(3)(5)", "90-2(4)-(8)", and several: "91-92, 99", "90-3(5), 76(1)".
    What is no article among them is left out in Kazakh and Russian.
    """
    if language not in _NAMED:
        return f"article {clause}"
    named = [found for each in re.split("[;,]", clause) if (found := _ONE.fullmatch(each.strip()))]
    if (len(named) > 1 and not any(found["first"] for found in named)) or _RANGE.fullmatch(clause):
        return _SEVERAL[language].format(", ".join(found["article"] for found in named))
    return ", ".join(_NAMED[language](*found.group("article", "first", "point", "last")) for found in named)


def _kazakh(article: str, first: str | None, point: str | None, last: str | None) -> str:
    if first is None:
        return f"{article}-бап"
    if last:
        return f"{article}-баптың {first}–{last}-тармақтары"
    return f"{article}-баптың {first}-тармағының {point}) тармақшасы" if point else f"{article}-баптың {first}-тармағы"


def _russian(article: str, first: str | None, point: str | None, last: str | None) -> str:
    if first is None:
        return f"статья {article}"
    if last:
        return f"статья {article}, пункты {first}–{last}"
    return f"статья {article}, пункт {first}" + (f", подпункт {point})" if point else "")


_NAMED = {"kk": _kazakh, "ru": _russian}
_SEVERAL = {"kk": "{}-баптар", "ru": "статьи {}"}
