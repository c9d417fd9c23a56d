"""What staff fill in here. What an action refuses is said beside its field (petitions.forms.answered)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectMultipleField, StringField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    Optional,
    Regexp,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from petitions.forms import DayField, Form, NumberField
from petitions.identity.actions import EMAIL_FORM
from petitions.identity.roles import BODY_ROLES, ROLE_NAMES, Role
from petitions.law.policy import Setting, SettingType
from petitions.law.working_days import is_weekend
from petitions.lifecycle.filing import one_line
from petitions.reference.actions import FIRST_YEAR, LAST_YEAR
from petitions.reference.kinds import DayKind, UnitKind
from petitions.reference.names import Names
from petitions.reference.records import BodyView, CalendarDayView
from petitions.reference.words import DAY_KINDS, UNIT_KINDS, YES_NO, unit_of, value_text

LONGEST_STEP = 400

_FILL_IN = _l("Fill in this field.")


def line(label: Any, longest: int, *, required: bool = True, description: Any = "", **more: Any) -> StringField:
    """A single line, kept without control characters and double spaces."""
    needed: list[Any] = [DataRequired(_FILL_IN)] if required else []
    limit = Length(max=longest, message=_l("At most %(count)s characters.", count=longest))
    return StringField(label, [*needed, limit], filters=[one_line], description=description, **more)


class NamesForm(Form):
    """One thing in three languages."""

    name_kk = line(_l("Name in Kazakh"), 200)
    name_ru = line(_l("Name in Russian"), 200)
    name_en = line(_l("Name in English"), 200)

    @property
    def names(self) -> Names:
        return Names(self.name_kk.data or "", self.name_ru.data or "", self.name_en.data or "")


class PopulationForm(Form):
    population = NumberField(_l("Population"), [InputRequired(_FILL_IN)], widget=TextInput())
    on_date = DayField(_l("As of which day"), [InputRequired(_FILL_IN)])
    source = line(_l("Source"), 500, description=_l("The publication and its page or address."))


class TerritoryForm(NamesForm):
    kato = line(_l("KATO code"), 9, description=_l("Nine digits of the classifier."))
    kind = RadioField(
        _l("Kind"),
        [InputRequired(_l("Choose the kind."))],
        choices=[(str(kind), name) for kind, name in UNIT_KINDS.items() if kind is not UnitKind.OBLAST],
    )


class BodyForm(NamesForm):
    head_title_kk = line(_l("Title of its head in Kazakh"), 120)
    head_title_ru = line(_l("Title of its head in Russian"), 120)
    head_title_en = line(_l("Title of its head in English"), 120)
    active = BooleanField(_l("New petitions may be addressed to this body"))

    @property
    def head_titles(self) -> Names:
        return Names(self.head_title_kk.data or "", self.head_title_ru.data or "", self.head_title_en.data or "")


class RolesForm(Form):
    """Roles, and the body that an officer or a head belongs to: looked up by its name."""

    roles = SelectMultipleField(
        _l("Roles"),
        [DataRequired(_l("Choose at least one role."))],
        choices=[(str(role), name) for role, name in ROLE_NAMES.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    body = line(
        _l("Body"),
        250,
        required=False,
        description=_l("For officers and heads: part of the body's name, or its short code."),
    )
    body_choice = RadioField(_l("Which of these bodies?"), [Optional()], validate_choice=False)

    @property
    def chosen_roles(self) -> list[Role]:
        return [Role(role) for role in self.roles.data or []]

    def validate_body(self, field: StringField) -> None:
        if not field.data and not BODY_ROLES.isdisjoint(self.roles.data or ()):
            raise ValidationError(_("An officer or a head belongs to a body. Choose the body."))

    def offer(self, found: Sequence[tuple[BodyView, str]]) -> None:
        """Put the bodies that were found as a choice beside the words that found them."""
        self.body_choice.choices = [(body.slug, label) for body, label in found]


class InvitationForm(RolesForm):
    email = line(_l("E-mail"), 254, render_kw={"type": "email", "autocomplete": "off"})
    display_name = line(_l("Name and position"), 200, description=_l("As colleagues see it."))

    def validate_email(self, field: StringField) -> None:
        if not EMAIL_FORM.fullmatch(field.data or ""):
            raise ValidationError(_("This is no e-mail address."))


class AppointmentForm(Form):
    first_day = DayField(_l("First day"), [InputRequired(_FILL_IN)])
    last_day = DayField(_l("Last day"), [InputRequired(_FILL_IN)])
    act = line(_l("Act of appointment"), 200, description=_l("Shown with the decisions of these days."))

    def validate_last_day(self, field: DateField) -> None:
        if field.data and self.first_day.data and field.data < self.first_day.data:
            raise ValidationError(_("The last day comes before the first day."))


class SettingForm(Form):
    """A setting's new value and the reason for it; `for_setting` gives the value its kind of field."""

    reason = line(_l("Reason"), 500, description=_l("Why, and by whose decision. It is kept with the setting."))

    @classmethod
    def for_setting(cls, setting: Setting, **data: Any) -> SettingForm:
        made: SettingForm = type("OneSettingForm", (cls,), {"value": _value_field(setting)})(data=data)
        return made


class CalendarDayForm(NamesForm):
    """A special day of the working calendar; `day` stays what it was while a kept entry is changed."""

    day = DayField(_l("Day"), [InputRequired(_FILL_IN)])
    kind = RadioField(
        _l("What kind of day"),
        [InputRequired(_l("Choose the kind."))],
        choices=[(str(kind), name) for kind, name in DAY_KINDS.items()],
    )
    act = line(_l("Act"), 500, description=_l("The law or order that makes this day special."))

    @property
    def day_kind(self) -> DayKind:
        return DayKind(self.kind.data)

    @property
    def is_working(self) -> bool:
        return self.day_kind is DayKind.WORKING_SATURDAY

    def validate_day(self, field: DateField) -> None:
        _check_year(field.data)

    def validate_kind(self, field: RadioField) -> None:
        if field.data == DayKind.WORKING_SATURDAY and self.day.data and not is_weekend(self.day.data):
            raise ValidationError(_("Monday to Friday are worked anyway. Choose a Saturday or a Sunday."))

    @classmethod
    def of_entry(cls, entry: CalendarDayView) -> CalendarDayForm:
        return cls(
            formdata=None,
            day=entry.day,
            kind=entry.kind,
            act=entry.act,
            name_kk=entry.name_kk,
            name_ru=entry.name_ru,
            name_en=entry.name_en,
        )


class CalendarRemovalForm(Form):
    day = DayField(_l("Day"), [InputRequired(_FILL_IN)])
    act = line(_l("Act"), 500, description=_l("The law or order by which this day is special no more."))

    def validate_day(self, field: DateField) -> None:
        _check_year(field.data)


class RecomputingForm(Form):
    act = line(_l("Act"), 500, description=_l("The law or order that changed the calendar."))


class LawClockForm(Form):
    """Move the demonstration's law time: by a day, to the next working day, or by some days."""

    step = StringField(validators=[Regexp("^(day|working-day|days)$")])
    days = NumberField(_l("Days"), widget=TextInput())

    def validate_days(self, field: IntegerField) -> None:
        if self.step.data == "days" and field.data is None and not field.errors:
            raise ValidationError(_("Say how many days."))
        if field.data is not None and not 1 <= field.data <= LONGEST_STEP:
            raise ValidationError(_("From 1 to %(count)s days.", count=LONGEST_STEP))


def _value_field(setting: Setting) -> Any:
    label, needed = _l("New value"), [InputRequired(_l("Choose or write the value."))]
    if setting.type is SettingType.CHOICE:
        return RadioField(
            label,
            needed,
            choices=[(value, value_text(setting, value)) for value in setting.choices],
        )
    if setting.type is SettingType.FLAG:
        return RadioField(label, needed, choices=[("true", YES_NO[0][1]), ("false", YES_NO[1][1])])
    return line(label, 300, description=unit_of(setting))


def _check_year(day: date | None) -> None:
    if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(
            _("The calendar holds the years %(first)s to %(last)s.", first=FIRST_YEAR, last=LAST_YEAR)
        )
