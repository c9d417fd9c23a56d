"""The kinds of fields and forms that this room's pages are made of. Messages say what to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext as _
from wtforms import RadioField, SelectField, StringField, TextAreaField, TimeField, URLField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp, ValidationError

from petitions.comments.words import PERSONAL_DATA_WARNING, personal_data_in
from petitions.forms import DayField, PublicForm
from petitions.i18n import _l
from petitions.lifecycle.filing import cleaned

SHORT, LONG, LONGEST = 300, 5_000, 20_000


CHOOSE = _l("Choose one of the answers.")


class ActForm(PublicForm):
    """A form for one act; unless a form says otherwise its fields are exactly what its action takes."""

    noticed = staticmethod(personal_data_in)
    personal_data_warning = PERSONAL_DATA_WARNING

    def values(self) -> dict[str, Any]:
        return {field.name: field.data for field in self if field.name not in ("csrf_token", "may_be_published")}

    def rearranged(self) -> bool:
        """Whether a button only asked for one more or one less row of a list."""
        return False

    def offer_day(self, day: date) -> None:
        """Where the day of a step is asked, fill in the likeliest answer."""
        if "on" in self and request.method == "GET":
            self["on"].data = day


class Hour(TimeField):
    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Enter an hour such as 15:00.")) from None


class OneOf(RadioField):
    """A choice; what is not on the page is refused in words, an empty answer is left to the validators."""

    def pre_validate(self, form: Any) -> None:
        if self.data and self.data not in dict(self.choices or ()):  # type: ignore[arg-type]
            raise ValidationError(str(CHOOSE))


class OneOfMany(SelectField):
    """The same as a list to open."""

    def pre_validate(self, form: Any) -> None:
        if self.data not in dict(self.choices or ()):  # type: ignore[arg-type]
            raise ValidationError(str(CHOOSE))


def one_of(label: str, choices: Mapping[str, Any]) -> OneOf:
    return OneOf(label, [InputRequired(CHOOSE)], choices=list(choices.items()))


def limit(length: int) -> Length:
    return Length(max=length, message=_l("This is too long. At most %(max)d characters."))


def line(label: str, *, needed: str | None = None, hint: str = "", one_of_two: bool = False) -> StringField:
    """``one_of_two``: this line or another is needed, so that neither may be called optional."""
    first = [DataRequired(needed)] if needed else [] if one_of_two else [Optional()]
    return StringField(label, [*first, limit(SHORT)], filters=[cleaned], description=hint)


def text(label: str, needed: str, *, length: int = LONG, hint: str = "") -> TextAreaField:
    return TextAreaField(label, [DataRequired(needed), limit(length)], filters=[cleaned], description=hint)


def day(label: str, needed: str) -> DayField:
    return DayField(label, [InputRequired(needed)])


def web_address(label: str, *, one_of_two: bool = False) -> URLField:
    """An address that may become a link; ``one_of_two`` as of a `line`."""
    wrong = _l("Enter a web address that begins with https:// or http://.")
    address = Regexp(r"(https?://[^\s<>\"]+)?\Z" if one_of_two else r"https?://[^\s<>\"]+\Z", message=wrong)
    first = [] if one_of_two else [Optional()]
    return URLField(label, [*first, limit(SHORT), address], filters=[cleaned])
