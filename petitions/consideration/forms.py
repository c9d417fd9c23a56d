"""What officers fill in for each record, and the author for a complaint."""

from __future__ import annotations

from typing import Any

from flask import request
from wtforms import BooleanField, FieldList, Form, FormField
from wtforms.validators import InputRequired, NumberRange

from petitions.consideration import fields
from petitions.consideration.actions import Member
from petitions.consideration.fields import ActForm
from petitions.consideration.wording import APPELLANTS
from petitions.forms import NumberField
from petitions.i18n import _l
from petitions.timeline.words import APPEAL_ADDRESSES, COMMITMENT_STATES, GROUP_ROLES

MEMBERS = 30
MOST_PARTICIPANTS = 1_000_000


class NumberForm(ActForm):
    number = fields.line(_l("Registration number of the body"), needed=_l("Enter the number."))
    on = fields.day(_l("Day of this registration"), _l("Enter the day."))

    def offer_entered(self, number: str) -> None:
        """Show the number entered before: a new one corrects it."""
        if request.method == "GET" and number:
            self.number.data = number


class VisitForm(ActForm):
    on = fields.day(_l("Day of the visit"), _l("Enter the day."))
    place = fields.line(_l("Place of the visit"), needed=_l("Enter the place."))
    found = fields.text(_l("What was found"), _l("Write what was found."))


class NoVisitForm(ActForm):
    reason = fields.text(_l("Why the facts need no visit"), _l("State the reason: it is shown to everybody."))


class AnnouncementForm(ActForm):
    on = fields.day(_l("Day of the discussion"), _l("Enter the day."))
    hour = fields.Hour(_l("Hour, Kazakhstan time"), [InputRequired(_l("Enter the hour."))])
    place = fields.line(_l("Where it takes place"), hint=_l("A place, an online address, or both."), one_of_two=True)
    online = fields.web_address(_l("Online address"), one_of_two=True)
    insists = BooleanField(_l("The discussion is to be held at this time"))


class DiscussionForm(ActForm):
    on = fields.day(_l("Day of the discussion"), _l("Enter the day."))
    participants = NumberField(
        _l("How many people took part"),
        [
            InputRequired(_l("Enter the number.")),
            NumberRange(0, MOST_PARTICIPANTS, _l("This number cannot be right.")),
        ],
    )
    minutes = fields.text(
        _l("Minutes"),
        _l("Write the minutes."),
        length=fields.LONGEST,
        hint=_l("What was said and proposed. Public: no names of private persons."),
    )


class MemberForm(Form):
    role = fields.OneOfMany(_l("Role"), choices=list(GROUP_ROLES.items()))
    name_or_body = fields.line(_l("Body or organisation"), needed=_l("Name the body or the organisation."))


class GroupForm(ActForm):
    members = FieldList(FormField(MemberForm), min_entries=1, max_entries=MEMBERS)
    author_invited = BooleanField(_l("The author or the representative is invited to the group"))

    def values(self) -> dict[str, Any]:
        members = [Member(row.data["role"], row.data["name_or_body"]) for row in self.members]
        return {"members": members, "author_invited": self.author_invited.data}

    def rearranged(self) -> bool:
        if request.form.get("add") == self.members.name:
            if len(self.members.entries) < MEMBERS:
                self.members.append_entry()
            return True
        unwanted = request.form.get("remove")
        if unwanted is None:
            return False
        kept = [row for row in self.members.entries if row.name != unwanted]
        self.members.entries = kept or self.members.entries
        return True


class AnalysisForm(ActForm):
    text = fields.text(
        _l("Analysis of comments and of economic, social and statistical information"),
        _l("Write the analysis."),
        length=fields.LONGEST,
    )


class PracticeForm(ActForm):
    text = fields.text(
        _l("International experience and comparison of laws"), _l("Write it down."), length=fields.LONGEST
    )


class PublishForm(ActForm):
    """One button: the decision is published as it was made."""


class StatementForm(ActForm):
    on = fields.day(_l("Day of the statement"), _l("Enter the day."))
    text = fields.text(_l("Text of the statement"), _l("Write the statement."), length=fields.LONGEST)
    url = fields.web_address(_l("Where it was published"))


class OwnAppealForm(ActForm):
    to = fields.one_of(_l("Where the complaint was sent"), APPEAL_ADDRESSES)
    on = fields.day(_l("Day it was sent"), _l("Enter the day."))

    def offer_addresses(self, right: str) -> None:
        """Offer only where the law sends this complaint."""
        self.to.choices = [(right, APPEAL_ADDRESSES[right])]
        self.to.data = self.to.data or right


class AuthorsAppealForm(OwnAppealForm):
    """The author's own record: public at once and never erased, so it asks whether the complaint was really sent."""

    sent = BooleanField(
        _l("I have sent this complaint. Everybody will see its day, and the record stays."),
        [InputRequired(_l("Send the complaint first, then confirm it here."))],
    )

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values().items() if name != "sent"}


class AppealForm(OwnAppealForm):
    appellant = fields.one_of(_l("Who complains"), APPELLANTS)


class PassedUpForm(ActForm):
    on = fields.day(_l("Day it was passed to the superior body"), _l("Enter the day."))


class AppealOutcomeForm(ActForm):
    granted = fields.one_of(_l("Outcome"), {"yes": _l("Granted"), "no": _l("Dismissed")})
    on = fields.day(_l("Day it was decided"), _l("Enter the day."))
    decided_by = fields.line(_l("Who decided"), needed=_l("Name the body or the court."))
    text = fields.text(_l("What was decided"), _l("Write what was decided."))

    def values(self) -> dict[str, Any]:
        return super().values() | {"granted": self.granted.data == "yes"}


class CommitmentForm(ActForm):
    what = fields.text(_l("What will be done"), _l("Write what will be done."))
    owner = fields.line(
        _l("Who answers for it"),
        needed=_l("Name the unit or the post."),
        hint=_l("A unit or a post, not a person's name."),
    )
    due = fields.day(_l("By when"), _l("Enter the day."))


class CommitmentStateForm(ActForm):
    key = fields.OneOf(_l("Commitment"), [InputRequired(_l("Choose the commitment."))], choices=[])
    state = fields.one_of(_l("State"), COMMITMENT_STATES)
    text = fields.text(_l("What was done, or why not"), _l("Write a sentence."))


class MessageForm(ActForm):
    text = fields.text(
        _l("Text to the author"),
        _l("Write the text."),
        length=fields.LONGEST,
        hint=_l("Shown to everybody on the petition's page."),
    )
