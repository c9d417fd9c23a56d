"""What the forms of every room share: the one base, and how a refusal comes to stand beside its field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    URLField,
)
from wtforms.validators import ValidationError

from petitions.errors import DomainError

R = TypeVar("R")


class Form(FlaskForm):  # type: ignore[misc]
    """A form with its token (flask_wtf). Texts lose the character that no PostgreSQL text takes."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            if issubclass(unbound_field.field_class, StringField | SelectField):
                options["filters"] = [_without_nul, *unbound_field.kwargs.get("filters", ())]
            return super().bind_field(form, unbound_field, options)

    def take(self, refusal: DomainError) -> None:
        """Say a refusal of the action where it belongs."""
        self.say(refusal.message, refusal.field)

    def say(self, message: object, field: str | None = None) -> None:
        """Put a message beside a field, or over the form when it has no such field."""
        if field is not None and field in self:
            self[field].errors = [*self[field].errors, str(message)]
        else:
            self.form_errors.append(str(message))


class PublicForm(Form):
    """A form whose texts everybody will read: what looks like personal data is taken out or insisted on.

    A room says what to look for in `noticed`, and how it warns in `personal_data_warning`.
    """

    personal_data_warning: object = ""
    may_be_published = BooleanField(_l("These data may be published: everybody will be able to read them"))

    @staticmethod
    def noticed(text: str) -> list[str]:
        """What seems to stand in a text, in words."""
        raise NotImplementedError

    @property
    def personal_data(self) -> list[str]:
        """What seems to stand in any of the form's texts, in words."""
        return self.noticed("\n".join(_texts(self)))

    def validate_may_be_published(self, field: BooleanField) -> None:
        """Said with the other problems of the form, so that the writer corrects them all at once."""
        if self.personal_data and not field.data:
            raise ValidationError(str(self.personal_data_warning))


def _texts(fields: Iterable[Any]) -> Iterator[str]:
    for field in fields:
        if isinstance(field, FieldList | FormField):
            yield from _texts(field)
        elif isinstance(field, StringField) and not isinstance(
            field, HiddenField | URLField
        ):  # long numbers are usual there
            yield str(field.data or "")


def answered(form: Form, act: Callable[[], R]) -> R | None:
    """Validate and act. What the action refuses becomes a message in the form, which keeps its input, and None.

    Refusals that have an answer of their own (not found, forbidden, a conflict) go on to it.
    """
    if not form.validate():
        return None
    try:
        return act()
    except DomainError as refusal:
        if refusal.status != DomainError.status:
            raise
        form.take(refusal)
        return None


def done(form: Form, act: Callable[[], object]) -> bool:
    """The same for an act that has nothing to tell: whether it was done."""
    return answered(form, lambda: (act(),)) is not None


class DayField(DateField):
    """A day; what is no day is said in words."""

    data: Any  # a date once the form is valid

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Enter a day as day, month and year.")) from None


class NumberField(IntegerField):
    """A whole number; what is no number is said in words."""

    data: Any  # an int once the form is valid

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Enter a whole number.")) from None


def _without_nul(text: Any) -> Any:
    return text.replace("\0", "") if isinstance(text, str) else text
