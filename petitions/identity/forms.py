from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField, RadioField
from wtforms.validators import DataRequired, EqualTo, Length

from petitions.errors import DomainError
from petitions.forms import Form
from petitions.i18n import LANGUAGE_NAMES

R = TypeVar("R")


class StaffSignInForm(Form):
    email = EmailField(_l("E-mail"), [DataRequired(_l("Enter your e-mail.")), Length(max=254)])
    password = PasswordField(_l("Password"), [DataRequired(_l("Enter your password."))])


class PasswordForm(Form):
    password = PasswordField(
        _l("New password"),
        [DataRequired(_l("Enter a password."))],
        description=_l("At least 12 characters. A few unrelated words are good."),
    )
    again = PasswordField(
        _l("The same password again"), [EqualTo("password", _l("The two passwords differ."))]
    )


class EmailForm(Form):
    email = EmailField(_l("E-mail"), [DataRequired(_l("Enter your e-mail.")), Length(max=254)])


class LanguageForm(Form):
    language = RadioField(_l("Language of letters"), choices=list(LANGUAGE_NAMES.items()))


def answered(form: Form, action: Callable[[], R]) -> R | None:
    """Do what the form asks; what the action refuses becomes a message beside its field, and None."""
    try:
        return action()
    except DomainError as error:
        if error.status != DomainError.status:
            raise
        field = form[error.field] if error.field and error.field in form else None
        if field is None:
            form.form_errors.append(str(error.message))
        else:
            field.errors = [*field.errors, str(error.message)]
        return None
