from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField, RadioField
from wtforms.validators import DataRequired, EqualTo, Length

from petitions.forms import Form
from petitions.i18n import LANGUAGE_NAMES


class StaffSignInForm(Form):
    email = EmailField(_l("E-mail"), [DataRequired(_l("Enter your e-mail.")), Length(max=254)])
    password = PasswordField(_l("Password"), [DataRequired(_l("Enter your password."))])


class PasswordForm(Form):
    password = PasswordField(
        _l("New password"),
        [DataRequired(_l("Enter a password."))],
        description=_l("At least 12 characters. A few unrelated words are good."),
    )
    again = PasswordField(_l("The same password again"), [EqualTo("password", _l("The two passwords differ."))])


class EmailForm(Form):
    email = EmailField(_l("E-mail"), [DataRequired(_l("Enter your e-mail.")), Length(max=254)])


class LanguageForm(Form):
    language = RadioField(_l("Language of letters"), choices=list(LANGUAGE_NAMES.items()))
