"""The subjects a petition may not be about (90-2(3)), in plain words of our own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from petitions.law import datafile
from petitions.law.editions import EDITIONS, Edition
from petitions.law.errors import LawError
from petitions.law.policy import DEFAULT_POLICY, Policy
from petitions.law.vocabulary import Label


class NoTopic(LawError):
    """The edition bars no subject under that code."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One barred subject. `changed`: new or reworded against the edition before. `hides_text`: by default the
    text of a petition refused under it is hidden; `text_hidden` asks the policy."""

    code: str
    text_kk: str
    text_ru: str
    text_en: str
    article: str
    changed: bool
    hides_text: bool
    example: Label | None


def topics(edition: Edition) -> tuple[Topic, ...]:
    """Every barred subject of the edition, in the order of the statute."""
    return _TOPICS[edition.id]


def topic(edition: Edition, code: str) -> Topic:
    """The barred subject with this code. Raises NoTopic."""
    for each in topics(edition):
        if each.code == code:
            return each
    raise NoTopic(f"edition {edition.id} bars no subject under the code {code!r}")


def text_hidden(code: str, policy: Policy = DEFAULT_POLICY) -> bool:
    """Whether the text of a petition refused under `code` is hidden; its clause never is."""
    return code in policy.codes("refused_text_hidden_under")


def _read(edition_id: str) -> tuple[Topic, ...]:
    raw = datafile.load(f"topics_{edition_id}.toml")
    hidden = set(raw["hides_text"])
    return tuple(
        Topic(
            code=row["code"],
            text_kk=row["kk"],
            text_ru=row["ru"],
            text_en=row["en"],
            article=f"90-2(3)({row['code']})",
            changed=row.get("changed", False),
            hides_text=row["code"] in hidden,
            example=_example(row.get("example")),
        )
        for row in raw["topic"]
    )


def _example(row: Mapping[str, str] | None) -> Label | None:
    return Label(row["kk"], row["ru"], row["en"]) if row else None


_TOPICS: Mapping[str, tuple[Topic, ...]] = MappingProxyType({each: _read(each) for each in EDITIONS})
