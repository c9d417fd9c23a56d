"""Whether this reader may join now, and the words for why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from flask_babel import gettext as _

from petitions.i18n import format_day
from petitions.law.states import Order, State, signable_states
from petitions.law.working_days import end_of_day
from petitions.lifecycle.queries import Standing
from petitions.signatures.queries import OwnJoining


class Reader(Protocol):
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True)
class Joining:
    """``may`` shows the button; ``text`` says why there is none, or what to know before pressing it."""

    may: bool
    text: str
    joined_at: datetime | None = None


def joining(
    standing: Standing,
    reader: Reader,
    own: OwnJoining | None,
    now: datetime,
    *,
    residents_only: bool,
    paper_until: date | None = None,
) -> Joining:
    """The button or the reason, for this reader now. ``paper_until``: the last day on which sheets of paper count."""
    if own is not None:
        return Joining(False, _("You joined on %(day)s.", day=format_day(own.signed_at)), own.signed_at)
    if not standing.is_signable(now):
        return Joining(False, _why_closed(standing, now, paper_until))
    if reader.kind == "staff":
        return Joining(False, _("You are signed in as staff. To join, sign in as a citizen."))
    if residents_only and standing.territory_kato:
        return Joining(True, _("Only citizens registered in this place may join."))
    return Joining(
        True,
        _("You will sign with your digital signature. Only your given name and an initial become public."),
    )


def _why_closed(standing: Standing, now: datetime, paper_until: date | None) -> str:
    if standing.state is State.CHECKING and standing.order is Order.CHECK_FIRST:
        return str(_("The petition is being checked. Joining begins when the check is passed."))
    signable = standing.order is not None and standing.state in signable_states(standing.order)
    if signable and standing.closes_at is not None and standing.closes_at <= now:
        if paper_until is not None and now < end_of_day(paper_until):
            day = format_day(paper_until)
            return str(_("Joining on this site has ended. Sheets of paper are taken until %(day)s.", day=day))
        return str(_("Joining has ended. The result is being counted."))
    reasons = {
        State.REFUSED: _("The petition did not pass the check, so nobody can join it."),
        State.LAPSED: _("Too few joined in time, so the petition lapsed."),
        State.WITHDRAWN: _("The author withdrew the petition."),
        State.TAKEN_DOWN: _("The petition was taken down by a legal order."),
        State.SENT: _("Enough citizens joined. The petition was sent to the body and joining has ended."),
        State.EXAMINATION: _("Enough citizens joined. The body is examining the petition and joining has ended."),
        State.DECIDED: _("The body has made its decision. Joining has ended."),
        State.PUBLISHED: _("The body has answered. Joining has ended."),
    }
    return str(reasons.get(standing.state, _("Joining has ended.")))
