"""The kinds of fields and forms that this room's pages are made of. Messages say what to do."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext as _
from wtforms import DateField, IntegerField, RadioField, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp, ValidationError

from petitions.consideration.wording import _l
from petitions.errors import DomainError
from petitions.forms import Form
from petitions.lifecycle.text import normal

SHORT, LONG, LONGEST = 300, 5_000, 20_000
_ANSWERED_ELSEWHERE = frozenset({403, 404, 409, 410})


CHOOSE = _l("Choose one of the answers.")


def clean(text: str | None) -> str:
    """One spelling of what was typed, without characters that nobody can see or a database refuses."""
    kept = (c for c in text or "" if c in "\n\r\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return normal("".join(kept))


class ActForm(Form):
    """A form for one act; unless a form says otherwise its fields are exactly what its action takes."""

    def values(self) -> dict[str, Any]:
        return {field.name: field.data for field in self if field.name != "csrf_token"}

    def rearranged(self) -> bool:
        """Whether a button only asked for one more or one less row of a list."""
        return False

    def offer_day(self, day: date) -> None:
        """Where the day of a step is asked, fill in the likeliest answer."""
        if "on" in self and request.method == "GET":
            self["on"].data = day

    def does(self, act: Callable[[], object]) -> bool:
        """Validate and act. What the action refuses becomes a message in the form, and the input stays."""
        if not self.validate():
            return False
        try:
            act()
        except DomainError as error:
            if error.status in _ANSWERED_ELSEWHERE:
                raise
            self.take(error)
            return False
        return True

    def take(self, refusal: DomainError) -> None:
        """Say a refusal of the action where it belongs."""
        self.say(refusal.message, refusal.field)

    def say(self, message: object, field: str | None = None) -> None:
        """Put a message beside a field, or over the form when it has no such field."""
        if field is not None and field in self:
            self[field].errors = [*self[field].errors, str(message)]
        else:
            self.form_errors.append(str(message))


class Day(DateField):
    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Enter a day as day, month and year.")) from None


class Hour(TimeField):
    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Enter an hour such as 15:00.")) from None


class WholeNumber(IntegerField):
    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Enter a whole number.")) from None


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


def line(label: str, *, needed: str | None = None, hint: str = "") -> StringField:
    first = DataRequired(needed) if needed else Optional()
    return StringField(label, [first, limit(SHORT)], filters=[clean], description=hint)


def text(label: str, needed: str, *, length: int = LONG, hint: str = "") -> TextAreaField:
    return TextAreaField(label, [DataRequired(needed), limit(length)], filters=[clean], description=hint)


def day(label: str, needed: str) -> Day:
    return Day(label, [InputRequired(needed)])


def web_address(label: str) -> StringField:
    wrong = _l("Enter a web address that begins with https:// or http://.")
    address = Regexp(r"https?://[^\s<>\"]+\Z", message=wrong)
    return StringField(label, [Optional(), limit(SHORT), address], filters=[clean])
