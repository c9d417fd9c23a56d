"""What moderators fill in. Messages say what to do; what an action refuses is said beside its field."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask_wtf.file import FileField, FileRequired, MultipleFileField
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import TextInput

from petitions.comments.words import PERSONAL_DATA_WARNING, personal_data_in
from petitions.errors import DomainError
from petitions.forms import Form, PublicForm
from petitions.i18n import LANGUAGE_NAMES, PETITION_LANGUAGES, _l, pick
from petitions.law.editions import Edition
from petitions.law.levels import Addressee
from petitions.lifecycle import filing, themes
from petitions.lifecycle.visibility import MAX_ID
from petitions.moderation.grounds import Ground, field_choices, topic_choices
from petitions.moderation.wording import MOST_LINE, MOST_TEXT
from petitions.reference.records import BodyView, TerritoryView
from petitions.timeline.words import GROUND_NAMES

R = TypeVar("R")


_ANSWERED_ELSEWHERE = frozenset({403, 404, 410})
_TEXT = _l("Write the text.")
_DAY = _l("Give the day.")
_BODY = _l("Choose a body from the list.")


class ActForm(Form):
    """A form for one act. ``status`` is the HTTP status of the answer when it was not done."""

    status = DomainError.status

    def result_of(self, act: Callable[[], R]) -> R | None:
        """Validate and act. What the action refuses becomes a message in the form, and the input stays."""
        if not self.validate():
            return None
        try:
            return act()
        except filing.Incomplete as error:
            for problem in error.problems:
                self.say(problem.message, problem.field)
        except DomainError as error:
            if error.status in _ANSWERED_ELSEWHERE:
                raise
            self.status = error.status
            self.say(error.message, error.field)
        return None

    def does(self, act: Callable[[], object]) -> bool:
        """The same for an act that has nothing to tell: whether it was done."""
        return self.result_of(lambda: (act(),)) is not None


class PublishedForm(PublicForm, ActForm):
    """A form for an act whose words everybody will read."""

    noticed = staticmethod(personal_data_in)
    personal_data_warning = PERSONAL_DATA_WARNING


class AcceptanceForm(ActForm):
    """The three conditions of 90-2(4), each looked at by a person."""

    fields = BooleanField(
        _l("All required fields are filled in properly"),
        [InputRequired(_l("Confirm that you checked this."))],
    )
    subject = BooleanField(
        _l("The subject is none of those that petitions may not be about"),
        [InputRequired(_l("Confirm that you checked this."))],
    )
    duplicate = BooleanField(
        _l("No earlier petition on the same subject bars it"),
        [InputRequired(_l("Confirm that you checked this."))],
    )
    theme = SelectField(
        _l("Subject area"),
        [Optional()],
        choices=lambda: [("", _l("Not chosen")), *themes.choices()],
        validate_choice=False,
        description=_l("People look for petitions by it. Set the right one if the author chose none or another."),
    )


class RefusalForm(PublishedForm):
    """The failed condition by its code, and the reasons."""

    ground = RadioField(
        _l("Which condition is not met"),
        [InputRequired(_l("Choose the condition that is not met."))],
        choices=[(str(ground), name) for ground, name in GROUND_NAMES.items()],
    )
    field_code = SelectField(_l("The field"), [Optional()], validate_choice=False)
    topic_code = RadioField(_l("The subject"), [Optional()], validate_choice=False)
    duplicate_of = IntegerField(
        _l("Number of the earlier petition"),
        [Optional(), NumberRange(1, MAX_ID, _l("A petition's number is a whole number."))],
    )
    text = TextAreaField(_l("Reasons"), [InputRequired(_TEXT), Length(max=2 * MOST_TEXT)])

    def offer(self, law: Edition) -> RefusalForm:
        """Only what the petition's own edition names can be chosen."""
        nothing = [("", _l("Not about a field"))]
        self.field_code.choices = [*nothing, *((code, str(name)) for code, name in field_choices(law))]
        self.topic_code.choices = [(topic.code, f"{topic.code}) {pick(topic, 'text')}") for topic in topic_choices(law)]
        for optional in (self.field_code, self.topic_code, self.duplicate_of):
            optional.flags.optional = False  # one of them is needed, which one the condition says
        return self

    @property
    def chosen(self) -> dict[str, Any]:
        """The form's answer as the action takes it."""
        ground = Ground(self.ground.data)
        code = {Ground.FIELD: self.field_code.data, Ground.SUBJECT: self.topic_code.data}.get(ground)
        return {
            "ground": ground,
            "code": code or None,
            "duplicate_of": self.duplicate_of.data if ground is Ground.DUPLICATE else None,
            "text": self.text.data or "",
        }


class BodyForm(PublishedForm):
    """A form that names one body."""

    body_id = SelectField(_l("Body"), [InputRequired(_BODY)], coerce=int)

    def offer(self, bodies: Iterable[BodyView]) -> BodyForm:
        self.body_id.choices = [(body.id, pick(body, "name")) for body in bodies]
        return self


class RedirectForm(BodyForm):
    reason = TextAreaField(_l("Why this body is competent"), [InputRequired(_TEXT), Length(max=MOST_TEXT)])


class QueryForm(BodyForm):
    question = TextAreaField(_l("Question"), [InputRequired(_TEXT), Length(max=MOST_TEXT)])


class ReplyForm(BodyForm):
    answer = TextAreaField(_l("What the body replied"), [InputRequired(_TEXT), Length(max=MOST_TEXT)])


class MediaForm(PublishedForm):
    media = TextAreaField(
        _l("Mass media that the letters went to"),
        [InputRequired(_l("Name at least one.")), Length(max=MOST_TEXT)],
        description=_l("One a line, as it is registered."),
    )
    on = DateField(_l("Day the letters were sent"), [InputRequired(_DAY)])


class ComplaintOutcomeForm(PublishedForm):
    granted = RadioField(
        _l("Outcome"),
        [InputRequired(_l("Choose the outcome."))],
        choices=[("yes", _l("Granted")), ("no", _l("Dismissed"))],
    )
    on = DateField(_l("Day it was decided"), [InputRequired(_DAY)])
    decided_by = StringField(
        _l("Who decided"), [InputRequired(_l("Name the court or the body.")), Length(max=MOST_LINE)]
    )
    text = TextAreaField(_l("What was decided"), [InputRequired(_TEXT), Length(max=MOST_TEXT)])

    @property
    def chosen(self) -> dict[str, Any]:
        """The form's answer as the action takes it."""
        return {
            "granted": self.granted.data == "yes",
            "on": self.on.data,
            "decided_by": self.decided_by.data or "",
            "text": self.text.data or "",
        }


class RestorationForm(PublishedForm):
    reason = TextAreaField(_l("Why it is restored"), [InputRequired(_TEXT), Length(max=MOST_TEXT)])


class TakeDownForm(PublishedForm):
    issuer = StringField(
        _l("Who issued the order"), [InputRequired(_l("Name the court or the body.")), Length(max=MOST_LINE)]
    )
    number = StringField(_l("Number of the order"), [InputRequired(_l("Give the number.")), Length(max=60)])
    on = DateField(_l("Day of the order"), [InputRequired(_DAY)])


class SendingForm(ActForm):
    """No more than a button: the order has no words of its own."""


class UnrepeatedInput(TextInput):
    """A text input whose value never goes back into a page: an IIN is typed anew."""

    def __call__(self, field: Any, **kwargs: Any) -> Any:
        return super().__call__(field, **{**kwargs, "value": ""})


class WrittenForm(ActForm):
    """A written application as it lies before a member of staff (90-2(1)-(2))."""

    received_on = DateField(_l("Day it was received"), [InputRequired(_DAY)])
    reference = StringField(_l("Incoming number"), [InputRequired(_l("Give the incoming number.")), Length(max=80)])
    iin = StringField(
        _l("IIN of the author"),
        [InputRequired(_l("Type the twelve digits."))],
        widget=UnrepeatedInput(),
        description=_l("Twelve digits. For safety it is not kept on the page: after a mistake type it again."),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    surname = StringField(_l("Surname"), [InputRequired(_l("Type the surname.")), Length(max=120)])
    given_name = StringField(_l("Given name"), [InputRequired(_l("Type the given name.")), Length(max=120)])
    email = StringField(_l("E-mail"), [InputRequired(_l("Type the e-mail.")), Length(max=254)])
    is_representative = BooleanField(_l("The author acts as somebody's representative"))
    represented = TextAreaField(
        _l("Whom the author represents"), [Optional(), Length(max=filing.REPRESENTED_LENGTH.stop - 1)]
    )
    authority = FileField(_l("Copy of the representative's authority"), [Optional()])
    language = RadioField(
        _l("Language of the petition"),
        [InputRequired(_l("Choose the language."))],
        choices=[(code, LANGUAGE_NAMES[code]) for code in PETITION_LANGUAGES],
    )
    addressee = RadioField(
        _l("To whom it is addressed"),
        [InputRequired(_l("Choose the addressee."))],
        choices=[
            (str(Addressee.GOVERNMENT), _l("The Government")),
            (str(Addressee.AKIMAT), _l("An akimat or an akim's office")),
            (str(Addressee.MASLIKHAT), _l("A maslikhat")),
        ],
    )
    body = SelectField(_l("Central body"), [Optional()], coerce=lambda value: int(value or 0))
    territory = StringField(
        _l("Oblast, city, district, village"),
        [Optional(), Length(max=200)],
        description=_l("For an akimat or a maslikhat. Type the name or the KATO code."),
    )
    kato = RadioField(_l("Which of these"), [Optional()], validate_choice=False)
    title = StringField(
        _l("Subject"), [InputRequired(_l("Type the subject.")), Length(max=filing.TITLE_LENGTH.stop - 1)]
    )
    content = TextAreaField(
        _l("Content"),
        [InputRequired(_l("Type the content.")), Length(max=filing.CONTENT_LENGTH.stop - 1)],
        render_kw={"rows": 12},
    )
    arguments = FieldList(
        TextAreaField(_l("Text"), [Optional(), Length(max=filing.POINT_LENGTH.stop - 1)]), min_entries=1
    )
    proposals = FieldList(
        TextAreaField(_l("Text"), [Optional(), Length(max=filing.POINT_LENGTH.stop - 1)]), min_entries=1
    )
    scan = FileField(
        _l("Scan of the application"),
        [FileRequired(_l("Attach the scan."))],
        description=_l("PDF, JPEG or PNG, up to 5 MB. Only staff see it."),
    )
    attachments = MultipleFileField(
        _l("Attachments of the petition"), [Optional()], description=_l("Everybody will see them.")
    )

    def offer(self, central: Iterable[BodyView], units: Iterable[TerritoryView] = ()) -> WrittenForm:
        self.body.choices = [(0, _l("Not to the Government")), *((b.id, pick(b, "name")) for b in central)]
        self.kato.choices = [(unit.kato, pick(unit, "name")) for unit in units]
        return self

    def say(self, message: object, field: str | None = None) -> None:
        """A problem of one argument stands at the row it was typed in; empty rows were left out."""
        name, _dash, index = (field or "").partition("-")
        if name not in ("arguments", "proposals"):
            super().say(message, field)
            return
        rows = (self.arguments if name == "arguments" else self.proposals).entries
        typed = [entry for entry in rows if filing.cleaned(entry.data)]
        row = typed[int(index)] if index.isdigit() and int(index) < len(typed) else rows[0]
        row.errors = [*row.errors, str(message)]

    def edit_lists(self, add: str | None, remove: str | None) -> bool:
        """Obey the buttons "add" and "remove" of the two lists; False when neither was pressed."""
        for points in (self.arguments, self.proposals):
            if add == points.name:
                points.append_entry()
                return True
            if remove and remove.startswith(f"{points.name}-"):
                kept = [entry.data for entry in points.entries if entry.name != remove]
                points.process(None, kept or [""])
                return True
        return False
