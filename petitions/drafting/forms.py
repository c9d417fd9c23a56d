"""What the author sends. A draft may be incomplete: only limits are checked here, what the law asks later."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, cast

from flask import request
from flask_wtf.file import FileField, MultipleFileField
from sqlalchemy.orm import Session
from werkzeug.datastructures import CombinedMultiDict, FileStorage, MultiDict
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    HiddenField,
    RadioField,
    SearchField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import ValidationError

from petitions.drafting.actions import WORDS_LENGTH, Answers
from petitions.drafting.queries import Place
from petitions.forms import Form
from petitions.i18n import _l
from petitions.law.levels import Addressee
from petitions.lifecycle import filing, themes
from petitions.lifecycle.attaching import MAX_BYTES, NewFile
from petitions.reference import queries as reference

Choices = Sequence[tuple[str, Any]]


_ROW = re.compile(r"(arguments|proposals)-[0-9]{1,4}")
_LISTS = ("arguments", "proposals")
_NOTHING = _l("Not chosen")


class Within:
    """Not longer than a petition's own limit, counted as it will be kept."""

    def __init__(self, limits: range, clean: Callable[[str | None], str] = filing.cleaned) -> None:
        self.limits, self.clean = limits, clean
        self.field_flags = {"maxlength": limits.stop - 1}

    def __call__(self, form: Form, field: Any) -> None:
        count = len(self.clean(field.data))
        if count >= self.limits.stop:
            raise ValidationError(str(filing.too_long(count, self.limits)))


class AmongChoices:
    """Nothing chosen yet is no mistake in a draft; something else than what was offered is."""

    def __call__(self, form: Form, field: Any) -> None:
        if field.data and field.data not in {choice.value for choice in field.iter_choices()}:
            raise ValidationError(str(_l("Choose one of the answers offered here.")))


def _one_of(label: str, choices: Choices, **more: Any) -> RadioField:
    return RadioField(label, [AmongChoices()], choices=choices, validate_choice=False, **more)


def _place(label: str) -> SelectField:
    # Choices depend on the unit above, and are looked up in the tables, not here.
    return SelectField(label, choices=[("", _NOTHING)], validate_choice=False)


class DraftForm(Form):
    """The whole petition on one page. ``version`` is the revision that the page was opened with."""

    version = HiddenField()
    filed_as = _one_of(
        _l("Who files"),
        [("author", _l("I file for myself")), ("representative", _l("I represent another citizen"))],
        default="author",
    )
    represented = TextAreaField(
        _l("Whom you represent"),
        [Within(filing.REPRESENTED_LENGTH)],
        description=_l("Full name and how to reach them. Kept encrypted and never shown on the site."),
    )
    authority = FileField(
        _l("Document of your authority"),
        description=_l("A copy of the power of attorney or another document. PDF, JPEG or PNG, up to 5 MB."),
    )
    language = _one_of(_l("Language of the petition"), [("kk", "Қазақша"), ("ru", "Русский")], default="kk")
    addressee = _one_of(
        _l("To whom"),
        [
            (str(Addressee.GOVERNMENT), _l("The Government")),
            (str(Addressee.AKIMAT), _l("An akimat or an akim's office")),
            (str(Addressee.MASLIKHAT), _l("A maslikhat")),
        ],
    )
    body = SelectField(
        _l("Central body that decides such matters"),
        choices=[("", _NOTHING)],
        validate_choice=False,
        description=_l("Only for a petition to the Government. The moderator may correct it."),
    )
    place = SearchField(
        _l("Search a place by name"),
        description=_l("City, district, town or rural district, in any of the three languages."),
    )
    found = RadioField(_l("Places found"), choices=[], validate_choice=False)
    oblast = _place(_l("Oblast or city of republican significance"))
    district = _place(_l("District or city"))
    unit = _place(_l("Rural district, town or settlement"))
    theme = SelectField(
        _l("Subject area"),
        [AmongChoices()],
        choices=lambda: [("", _NOTHING), *themes.choices()],
        validate_choice=False,
        description=_l("Optional: it helps others find your petition. The moderator may set another."),
    )
    title = StringField(
        _l("Subject"),
        [Within(filing.TITLE_LENGTH, filing.one_line)],
        description=_l("What you ask for, in one sentence."),
    )
    content = TextAreaField(
        _l("Content"),
        [Within(filing.CONTENT_LENGTH)],
        description=_l("What is wrong now, where, and whom it touches."),
    )
    arguments = FieldList(TextAreaField(_l("Text of the argument"), [Within(filing.POINT_LENGTH)]))
    proposals = FieldList(TextAreaField(_l("Text of the proposal"), [Within(filing.POINT_LENGTH)]))
    attachments = MultipleFileField(
        _l("Add files"), description=_l("PDF, JPEG or PNG. Up to 5 files, each up to 5 MB.")
    )

    @classmethod
    def sent(cls) -> DraftForm:
        """The form as the browser sent it, without the row whose "Remove" was pressed."""
        gone = request.form.get("remove", "")
        kept = MultiDict(
            (name, value)
            for name, value in request.form.items(multi=True)
            if name != gone and (not name.startswith(_LISTS) or _ROW.fullmatch(name))
        )
        return cls(formdata=CombinedMultiDict([request.files, kept]))

    @classmethod
    def of(cls, answers: Answers, revision: int, *, added: str = "") -> DraftForm:
        """The form of a saved draft; ``added`` names the list that gets one more empty row."""
        form = cls(
            formdata=None,
            version=str(revision),
            filed_as="representative" if answers.is_representative else "author",
            represented=answers.represented,
            language=answers.language,
            addressee=answers.addressee,
            body=str(answers.body_id) if answers.body_id else "",
            theme=answers.theme or "",
            title=answers.title,
            content=answers.content,
        )
        for name in _LISTS:
            rows = [*getattr(answers, name)]
            for text in [*rows, ""] if name == added or not rows else rows:
                cast("FieldList[Any]", form[name]).append_entry(text)
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        good = bool(super().validate(extra_validators))
        for rows in (self.arguments, self.proposals):
            if len([entry for entry in rows.entries if entry.data]) >= filing.POINT_COUNT.stop:
                rows.errors = [*rows.errors, str(filing.too_many())]
                good = False
        return good

    @property
    def revision(self) -> int:
        return _number(self.version.data) or 0

    def answers(self, session: Session) -> Answers:
        """What was typed and chosen, as far as it goes."""
        return Answers(
            is_representative=self.filed_as.data == "representative",
            represented=self.represented.data or "",
            language=self.language.data or "kk",
            addressee=self.addressee.data or None,
            territory_kato=self._chosen_place(session),
            body_id=_number(self.body.data) if self.addressee.data == Addressee.GOVERNMENT else None,
            title=self.title.data or "",
            content=self.content.data or "",
            arguments=tuple(entry.data or "" for entry in self.arguments.entries),
            proposals=tuple(entry.data or "" for entry in self.proposals.entries),
            theme=self.theme.data or None,
        )

    def files(self) -> list[NewFile]:
        """The files sent along, read no further than one byte over the limit."""
        sent = [
            ("authority", self.authority.data),
            *(("attachment", each) for each in self.attachments.data or ()),
        ]
        return [
            NewFile(kind, each.filename or "", each.stream.read(MAX_BYTES + 1))
            for kind, each in sent
            if isinstance(each, FileStorage) and each.filename
        ]

    def offer(self, session: Session, place: Place, language: str) -> None:
        """Fill what may be chosen: bodies, and the places around the one chosen and the ones searched for."""
        bodies = reference.central_bodies(session, language)
        self.body.choices = [("", _NOTHING), *((str(body.id), _named(body, language)) for body in bodies)]
        self.found.choices = [(kato, label) for kato, label in place.found]
        self.found.data = self.found.data or None
        self.place.data = place.searched
        for field, units, chosen in (
            (self.oblast, place.oblasts, place.path[:1]),
            (self.district, place.districts, place.path[1:2]),
            (self.unit, place.units, place.path[2:3]),
        ):
            field.choices = [("", _NOTHING), *((unit.kato, _named(unit, language)) for unit in units)]
            field.data = chosen[0].kato if chosen else ""

    def _chosen_place(self, session: Session) -> str | None:
        """A place found by its name, or as deep as the three lists agree with one another."""
        if self.found.data and request.form.get("act") != "drill":
            return str(self.found.data)
        chosen = None
        for field in (self.oblast, self.district, self.unit):
            unit = reference.territory(session, field.data) if field.data else None
            if unit is None or unit.parent_kato != chosen:
                return chosen
            chosen = unit.kato
        return chosen


class FilingForm(Form):
    """The author's word before filing; ``version`` is the revision that was shown and checked."""

    version = HiddenField()
    agreed = BooleanField(_l("I have checked my answers, I declare that they are true, and I agree"))

    def validate_agreed(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(str(_l("Tick this to file the petition.")))

    @property
    def revision(self) -> int:
        return _number(self.version.data) or 0


class WordsForm(Form):
    """What an author who steps back wishes to say; everybody may read it."""

    words = TextAreaField(
        _l("Your words to those who joined"),
        [Within(range(WORDS_LENGTH + 1))],
        description=_l("Everybody may read this. You may leave it empty."),
    )


def _named(thing: object, language: str) -> str:
    return str(getattr(thing, f"name_{language}"))


def _number(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"[0-9]{1,9}", text) else None
