"""The living page of the design system: every component as the site draws it, and the colours as they measure."""

from __future__ import annotations

from datetime import date

from flask import g, render_template
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional, Regexp

from petitions.browsing import design
from petitions.browsing.blueprint import bp
from petitions.browsing.design_samples import PETITION, samples
from petitions.db import reading
from petitions.page_cache import cacheable
from petitions.permissions import Permission, requires
from petitions.reference import queries as reference

SAMPLE_DAY = date(2026, 6, 26)


class SampleForm(Form):
    """Fields of every kind, to be looked at; nothing takes it."""

    name = StringField(_l("Name"), [InputRequired(_l("Fill in this field."))])
    email = StringField(
        _l("E-mail"), [Optional(), Regexp(r"[^@\s]+@[^@\s]+\.[^@\s]+", message=_l("This is not an e-mail address."))]
    )
    text = TextAreaField(_l("Text of the petition"), [Optional()])
    level = SelectField(_l("Level"), choices=[("village", _l("Village or settlement")), ("district", _l("District"))])
    way = RadioField(_l("How to sign"), choices=[("phone", _l("By phone")), ("computer", _l("On this computer"))])
    agreed = BooleanField(_l("I have read the text and agree to sign it"))


@bp.get("/design", endpoint="design")
@cacheable()
@requires(Permission.READ_PUBLIC)
def design_page() -> str:
    wrong = SampleForm(
        MultiDict({"wrong-email": "aigul@", "wrong-level": "village", "wrong-way": "phone"}), prefix="wrong-"
    )
    wrong.validate()
    with reading() as session:
        units = reference.top_units(session, g.lang)
    return render_template(
        "browsing/design.html",
        calls=design.CALLS,
        tokens=design.SHOWN_TOKENS,
        colours=design.schemes(),
        measured={scheme: design.measured(scheme) for scheme in design.SCHEMES},
        weakest={scheme: design.weakest(scheme) for scheme in design.SCHEMES},
        plain_form=SampleForm(prefix="plain-"),
        wrong_form=wrong,
        forced=design.forced_colours(),
        spaces=design.lengths("space"),
        sizes=design.lengths("type"),
        day=SAMPLE_DAY,
        sample=samples(units),
        petition=PETITION,
    )
