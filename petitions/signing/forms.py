from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import InputRequired

from petitions.forms import Form


class ConsentForm(Form):
    """Joining needs consent to the processing of personal data (90-3)."""

    consent = BooleanField(
        _l("I agree to all of this"),
        validators=[InputRequired(_l("You can join only if you agree to the processing of your data."))],
    )
