"""The first condition of the check: are the fields of 90-2(2) there, by the petition's own edition.

Only whether something stands in a field; who the author is, is shown apart, and that is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from petitions.law.editions import Edition
from petitions.lifecycle import filing
from petitions.lifecycle.models import Petition
from petitions.moderation.grounds import FIELD_NAMES

# The law asks for these only where there is something to give.
_IF_ANY = frozenset({"patronymic", "authority_copy", "attachments"})


@dataclass(frozen=True)
class FieldRow:
    """A field of the law: whether it holds something, and whether the law asks for it in this petition."""

    code: str
    label: Any
    is_given: bool
    is_asked: bool


def fields_of(petition: Petition, law: Edition) -> tuple[FieldRow, ...]:
    """Every field the edition names, in its order."""
    author = filing.particulars(petition)
    rows = []
    for code in law.fields:
        asked = code not in _IF_ANY or (code == "authority_copy" and petition.is_representative)
        rows.append(FieldRow(code, FIELD_NAMES[code], _GIVEN[code](petition, author), asked))
    return tuple(rows)


def _has_points(kind: str) -> Callable[[Petition, filing.Particulars], bool]:
    return lambda petition, author: any(point.kind == kind for point in petition.points)


def _has_files(kind: str) -> Callable[[Petition, filing.Particulars], bool]:
    return lambda petition, author: any(file.kind == kind for file in petition.attachments)


_GIVEN: Mapping[str, Callable[[Petition, filing.Particulars], bool]] = {
    "surname": lambda petition, author: bool(author.surname),
    "given_name": lambda petition, author: bool(author.given_name),
    "patronymic": lambda petition, author: bool(author.patronymic),
    "iin": lambda petition, author: bool(author.iin),
    "residence": lambda petition, author: bool(author.residence_kato),
    "email": lambda petition, author: bool(author.email),
    "addressee": lambda petition, author: petition.body_id is not None,
    "authority_copy": _has_files("authority"),
    "content": lambda petition, author: bool(petition.content),
    "subject": lambda petition, author: bool(petition.title),
    "arguments": _has_points("argument"),
    "proposals": _has_points("proposal"),
    "attachments": _has_files("attachment"),
}
