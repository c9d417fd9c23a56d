"""Files of a petition: what may be attached, told by the first bytes and never by what a browser claims."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from petitions.errors import DomainError, NotFound
from petitions.law.states import State
from petitions.lifecycle.filing import AlreadyFiled
from petitions.lifecycle.models import Attachment, Petition

MAX_FILES = 5
MAX_BYTES = 5 * 1024 * 1024
NAME_LENGTH = 120
ACCEPT = ".pdf,.jpg,.jpeg,.png"

# First bytes, type, and the ending a name must have.
FORMS = (
    (b"%PDF-", "application/pdf", (".pdf",)),
    (b"\xff\xd8\xff", "image/jpeg", (".jpg", ".jpeg")),
    (b"\x89PNG\r\n\x1a\n", "image/png", (".png",)),
)


class BadFile(DomainError):
    """The file cannot be attached; nothing of this request was stored."""


@dataclass(frozen=True)
class NewFile:
    """A file as it came: ``kind`` is "attachment", or "authority" for a representative's document."""

    kind: str
    name: str
    content: bytes = field(repr=False)


def attach(session: Session, petition: Petition, file: NewFile) -> None:
    """Add a file to a draft, in the caller's transaction; the same file again changes nothing.

    A new document of authority takes the place of the old one. Raises AlreadyFiled, BadFile.
    """
    if petition.state != State.DRAFT:
        raise AlreadyFiled
    mime, endings = form_of(file, field="authority" if file.kind == "authority" else "attachments")
    digest = hashlib.sha256(file.content).hexdigest()
    present = [each for each in petition.attachments if each.kind == file.kind]
    if any(each.sha256 == digest for each in present):
        return
    if file.kind == "authority":
        petition.attachments = [each for each in petition.attachments if each.kind != "authority"]
        session.flush()
    elif len(present) >= MAX_FILES:
        raise BadFile(_l("At most %(limit)s files can be attached.", limit=MAX_FILES), field="attachments")
    petition.attachments.append(
        Attachment(
            kind=file.kind,
            name=clean_name(file.name, endings),
            mime=mime,
            size=len(file.content),
            sha256=digest,
            content=file.content,
        )
    )
    session.flush()


def detach(session: Session, petition: Petition, attachment_id: int) -> None:
    """Take a file off a draft. Raises AlreadyFiled, NotFound."""
    if petition.state != State.DRAFT:
        raise AlreadyFiled
    kept = [each for each in petition.attachments if each.id != attachment_id]
    if len(kept) == len(petition.attachments):
        raise NotFound
    petition.attachments = kept
    session.flush()


def form_of(file: NewFile, *, field: str) -> tuple[str, tuple[str, ...]]:
    """The type of a file and the endings of its name, by its first bytes. Raises BadFile, said at ``field``."""
    name = file.name[:NAME_LENGTH]
    if not file.content:
        raise BadFile(_l("This file is empty: %(name)s", name=name), field=field)
    if len(file.content) > MAX_BYTES:
        raise BadFile(_l("This file is larger than 5 MB: %(name)s", name=name), field=field)
    for first_bytes, mime, endings in FORMS:
        if file.content.startswith(first_bytes):
            return mime, endings
    raise BadFile(_l("This file is no PDF, JPEG or PNG: %(name)s", name=name), field=field)


def clean_name(name: str, endings: tuple[str, ...]) -> str:
    """A file's name without folders, control characters or a false ending; the public sees it."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(letter for letter in last if not unicodedata.category(letter).startswith("C"))
    kept = " ".join(re.sub(r'[<>:"|?*]', " ", kept).split()).strip(". ")
    stem, dot, ending = kept.rpartition(".")
    if not dot or f".{ending.lower()}" not in endings:
        stem, ending = kept, endings[0][1:]
    stem = stem.strip(". ")[: NAME_LENGTH - len(ending) - 1] or "file"
    return f"{stem}.{ending.lower()}"
