from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from petitions.db import Base

SUBJECT = "search"
LONGEST_WORD = 40
COLUMNS = ("title", "names", "numbers", "text")
"""Of a document, what is looked for in it."""


class SearchDocument(Base):
    """What is found of one petition, as stems; empty where nothing of it may be found.

    ``as_of`` is the last `Transition` that was looked at. The engine's own index, ``search_index``, stands beside it.
    """

    __tablename__ = "search_document"
    __table_args__ = (sa.Index(None, "as_of"),)

    petition_id: Mapped[int] = mapped_column(sa.ForeignKey("petition.id"), primary_key=True, autoincrement=False)
    as_of: Mapped[int]
    title: Mapped[str] = mapped_column(sa.Text)
    names: Mapped[str] = mapped_column(sa.Text)  # of the body and the places, in three languages
    numbers: Mapped[str] = mapped_column(sa.Text)  # the petition's own number and its threshold
    text: Mapped[str] = mapped_column(sa.Text)  # last: what is ranked by the others need not read so far


class SearchWord(Base):
    """A stem that is found somewhere, and in how many petitions it stands.

    ``sound`` is the stem as a careless ear hears it: what is misspelt is looked up by it too.
    """

    __tablename__ = "search_word"
    __table_args__ = (sa.Index(None, "sound"),)

    stem: Mapped[str] = mapped_column(sa.String(LONGEST_WORD), primary_key=True)
    sound: Mapped[str] = mapped_column(sa.String(LONGEST_WORD))
    documents: Mapped[int]
