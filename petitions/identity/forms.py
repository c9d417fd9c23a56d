from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, PasswordField, RadioField, StringField
from wtforms.validators import DataRequired, EqualTo, Length

from petitions.forms import Form
from petitions.i18n import LANGUAGE_NAMES

PASSWORDS = frozenset({"password", "again"})
"""Fields that no page shows again."""


class StaffSignInForm(Form):
    email = EmailField(_l("E-mail"), [DataRequired(_l("Enter your e-mail.")), Length(max=254)])
    password = PasswordField(_l("Password"), [DataRequired(_l("Enter your password."))])
    code = StringField(
        _l("Code"),
        [DataRequired(_l("Enter a code.")), Length(max=40)],
        description=_l("Six digits from your authenticator app, or one of your recovery codes."),
    )


class PasskeyUseForm(Form):
    credential = HiddenField(validators=[DataRequired(_l("This way needs JavaScript and a device with passkeys."))])


class PasskeyForm(PasskeyUseForm):
    name = StringField(
        _l("Name of the device"),
        [DataRequired(_l("Give the device a name.")), Length(max=80)],
        description=_l("So that you know later which key to remove, for example: work laptop."),
    )


class ProofForm(Form):
    proof_code = StringField(
        _l("Code"), description=_l("Six digits from your authenticator app, or one of your recovery codes.")
    )
    proof_credential = HiddenField()


class PasswordForm(Form):
    password = PasswordField(
        _l("New password"),
        [DataRequired(_l("Enter a password."))],
        description=_l("At least 12 characters. A few unrelated words are good."),
    )
    again = PasswordField(_l("The same password again"), [EqualTo("password", _l("The two passwords differ."))])
    code = StringField(
        _l("Code from the app"),
        [DataRequired(_l("Enter the code that the app shows.")), Length(max=40)],
        description=_l("Six digits; it shows that the app is set up."),
    )


class EmailForm(Form):
    email = EmailField(_l("E-mail"), [DataRequired(_l("Enter your e-mail.")), Length(max=254)])


class LanguageForm(Form):
    language = RadioField(_l("Language of letters"), choices=list(LANGUAGE_NAMES.items()))
