"""Forms for sheets of joinings on paper."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, FieldList, FormField, HiddenField, StringField
from wtforms import Form as Part
from wtforms.validators import InputRequired, Length, NumberRange

from petitions.forms import DayField, Form, NumberField
from petitions.identity.iin import is_well_formed
from petitions.lifecycle.visibility import MAX_ID
from petitions.signing.sheet_lines import Typed
from petitions.signing.sheets import MOST_LINES, NOTE_LENGTH, REFERENCE_LENGTH, BadLines


class ReceivedForm(Form):
    """A sheet as it lies before a member of staff."""

    petition = NumberField(
        _l("Number of the petition"),
        [
            InputRequired(_l("Type the number of the petition.")),
            NumberRange(1, MAX_ID, _l("A petition's number is a whole number.")),
        ],
        render_kw={"inputmode": "numeric"},
    )
    reference = StringField(
        _l("Incoming number of the sheet"),
        [InputRequired(_l("Give the incoming number.")), Length(max=REFERENCE_LENGTH)],
    )
    received_on = DayField(
        _l("Day it was received"),
        [InputRequired(_l("Give the day."))],
        description=_l("The joinings count by this day."),
    )
    lines = NumberField(
        _l("Lines on the sheet"),
        [
            InputRequired(_l("Count the lines on the paper.")),
            NumberRange(1, MOST_LINES, _l("A sheet has from 1 to %(most)s lines.", most=MOST_LINES)),
        ],
        description=_l("Count every line that is filled in, the unreadable ones too."),
        render_kw={"inputmode": "numeric"},
    )
    scan = FileField(
        _l("Scan of the sheet"),
        [FileRequired(_l("Attach the scan."))],
        description=_l("PDF, JPEG or PNG, up to 5 MB. Only staff who enter sheets see it."),
    )


class IinField(StringField):
    """Shown in two halves, as it is read from paper; how it is spaced when typed does not matter."""

    def _value(self) -> str:
        typed = "".join((self.data or "").split())
        return f"{typed[:6]} {typed[6:]}" if is_well_formed(typed) else self.data or ""


class LinePart(Part):
    """One line. Nothing in it is needed where it cannot be read."""

    iin = IinField(_l("IIN"), render_kw={"inputmode": "numeric", "autocomplete": "off"})
    surname = StringField(_l("Surname"), render_kw={"autocomplete": "off"})
    given_name = StringField(_l("Given name"), render_kw={"autocomplete": "off"})
    unreadable = BooleanField(_l("This line cannot be read"))

    @property
    def typed(self) -> Typed | None:
        if self.unreadable.data:
            return None
        return Typed(self.iin.data or "", self.surname.data or "", self.given_name.data or "")


class LinesForm(Form):
    """As many lines as were counted on the paper."""

    lines = FieldList(FormField(LinePart))

    def stretch(self, count: int) -> LinesForm:
        """Exactly so many lines, whatever was sent."""
        while len(self.lines.entries) > count:
            self.lines.pop_entry()
        while len(self.lines.entries) < count:
            self.lines.append_entry()
        return self

    @property
    def typed(self) -> list[Typed | None]:
        return [entry.form.typed for entry in self.lines.entries]

    def mark(self, wrong: BadLines) -> None:
        """Each message beside the field it is about."""
        for place, name, message in wrong.problems:
            field: Any = self.lines.entries[place].form[name]
            field.errors = [*field.errors, str(message)]
        self.lines.errors = [entry.errors for entry in self.lines.entries if entry.errors]


def lines_form(count: int, known: Iterable[tuple[int, Typed | None]] = ()) -> LinesForm:
    """The form as it was sent or, before that, with what was typed earlier (``known``)."""
    earlier = [_earlier(line) for _number, line in known]
    return LinesForm(data={"lines": earlier} if earlier else None).stretch(count)


def _earlier(line: Typed | None) -> dict[str, object]:
    if line is None:
        return {"unreadable": True}
    return {"iin": line.iin, "surname": line.surname, "given_name": line.given_name}


class ConfirmationForm(Form):
    """The word of the second person. ``seen``: when the lines on the page had been typed in."""

    seen = HiddenField()
    compared = BooleanField(
        _l("I compared every line with the scan"), [InputRequired(_l("Compare every line with the scan first."))]
    )
    despite_doubts = BooleanField(_l("These lines stand so on the paper: leave them uncounted"))

    @property
    def seen_at(self) -> datetime:
        """What was made up, or left out, is no moment at which anything was typed in."""
        try:
            return datetime.fromisoformat(self.seen.data or "").astimezone(UTC)
        except (ValueError, OverflowError):
            return datetime.min.replace(tzinfo=UTC)


class NoteForm(Form):
    """A reason for sending a sheet back or for rejecting it."""

    note = StringField(
        _l("Reason"),
        [InputRequired(_l("Say why.")), Length(max=NOTE_LENGTH)],
        description=_l("No personal data: it is read by other staff."),
    )
