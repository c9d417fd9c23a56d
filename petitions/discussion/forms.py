"""What is filled in about comments. Messages say what to do; what an action refuses is said beside its field."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Optional, ValidationError

from petitions.comments.models import LONGEST, Rule, Stance
from petitions.comments.words import RULES, STANCES, personal_data_in
from petitions.discussion.actions import LONGEST_REPORT, PersonalDataStandsThere, Words
from petitions.discussion.moderating import MOST_LETTERS
from petitions.errors import DomainError
from petitions.forms import Form
from petitions.i18n import LANGUAGE_NAMES, format_number
from petitions.lifecycle.filing import cleaned

_ANSWERED_ELSEWHERE = frozenset({403, 404, 410})
_RULES = [(str(rule), name) for rule, name in RULES.items()]


class Within:
    """Not longer than this, counted as it will be kept: a browser sends a line break as two characters."""

    def __init__(self, most: int) -> None:
        self.most, self.field_flags = most, {"maxlength": most}

    def __call__(self, form: Form, field: Any) -> None:
        if len(cleaned(field.data)) > self.most:
            raise ValidationError(str(_l("Write at most %(count)s characters.", count=format_number(self.most))))


class ActForm(Form):
    """A form for one act. ``status`` is the HTTP status of the answer when it was not done."""

    status = DomainError.status

    def does(self, act: Callable[[], object]) -> bool:
        """Validate and act. What the action refuses becomes a message in the form, which keeps its input."""
        if not self.validate():
            return False
        try:
            act()
        except DomainError as refusal:
            if refusal.status in _ANSWERED_ELSEWHERE:
                raise
            self.status = refusal.status
            self.take(refusal)
            return False
        return True


class TextForm(ActForm):
    """Something that everybody will read. What looks like personal data must be taken out or insisted on."""

    text = TextAreaField(
        _l("Your text"),
        [InputRequired(_l("Write your comment.")), Within(LONGEST)],
    )
    language = SelectField(_l("In which language is it written"), choices=list(LANGUAGE_NAMES.items()))
    insists = BooleanField(_l("These data may be published: everybody will be able to read them"))

    @property
    def words(self) -> Words:
        """The form's answer as the actions take it."""
        return Words(self.text.data or "", self.language.data, self.insists.data)

    @property
    def personal_data(self) -> list[str]:
        """What seems to stand in the text, in words; the writer takes it out or insists."""
        return personal_data_in(self.text.data or "")

    def validate_insists(self, field: BooleanField) -> None:
        """Said with the other problems of the form, so that the writer corrects them all at once."""
        if self.personal_data and not field.data:
            raise ValidationError(str(PersonalDataStandsThere.WARNING))


class CommentForm(TextForm):
    """A comment: for, against or a question, about the whole petition or one of its points."""

    stance = RadioField(
        _l("Your comment is"),
        [InputRequired(_l("Choose: for, against or a question."))],
        choices=[(str(stance), name) for stance, name in STANCES.items()],
    )
    about = SelectField(_l("What it is about"), [Optional()], default="")

    def offer(self, points: Iterable[tuple[int, str]]) -> CommentForm:
        """The points of the petition that a comment may be about, by id."""
        whole = ("", _l("The whole petition"))
        self.about.choices = [whole, *((str(number), name) for number, name in points)]
        self.about.flags.optional = False
        return self

    @property
    def chosen(self) -> dict[str, Any]:
        return {
            "stance": Stance(self.stance.data),
            "point_id": int(self.about.data) if self.about.data else None,
        }


class ReportForm(ActForm):
    """Which rule a comment breaks; words are read by moderators only."""

    rule = RadioField(_l("What is wrong with it"), [InputRequired(_l("Choose what is wrong."))], choices=_RULES)
    words = TextAreaField(
        _l("In your words"),
        [Optional(), Within(LONGEST_REPORT)],
        description=_l("Only those who check comments read this."),
    )


class HidingForm(ActForm):
    """The rule and the public reasons."""

    rule = RadioField(_l("By which rule"), [InputRequired(_l("Choose the rule."))], choices=_RULES)
    reasons = TextAreaField(
        _l("Reasons"),
        [InputRequired(_l("Write the reasons.")), Within(MOST_LETTERS)],
        description=_l("Everybody reads them in the place of the comment. Do not repeat what is being hidden."),
    )
    erase = BooleanField(
        _l("Erase the text for good"),
        description=_l("Only for somebody's personal data. It cannot be restored."),
    )


class RestoringForm(ActForm):
    """Why a comment is shown again."""

    reasons = TextAreaField(
        _l("Reasons"),
        [InputRequired(_l("Write the reasons.")), Within(MOST_LETTERS)],
        description=_l("Everybody reads them under the comment."),
    )


def rule_of(form: ReportForm | HidingForm) -> Rule:
    """The rule that was chosen in a valid form."""
    return Rule(form.rule.data)
