"""What the forms of every room share: the one base, and how a refusal comes to stand beside its field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectField, StringField

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
