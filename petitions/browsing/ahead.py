"""The steps that come next, and when: the main line, and the duties that wait beside it.

An event is called after what has happened; what has not yet has words of its own here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from petitions.i18n import _l, pick
from petitions.law.policy import Policy
from petitions.law.states import CLOCKS, ClockKind, Event, State, next_step
from petitions.law.working_days import CalendarUnknown, end_of_day, registration_day
from petitions.lifecycle.queries import ClockRow, Standing, TransitionRow, is_stated, newest
from petitions.reference import queries as reference
from petitions.timeline.coming import LATE, what_comes
from petitions.timeline.steps import Step

# Duties that run beside the main line and are shown as steps of their own while they wait.
DUTIES: Mapping[ClockKind, Event] = {
    ClockKind.MEDIA_LETTERS: Event.MEDIA_INFORMED,
    ClockKind.SENDING_NOTICE: Event.SENDING_NOTIFIED,
    ClockKind.APPEAL_PASS_UP: Event.APPEAL_PASSED_UP,
    ClockKind.APPEAL_REVIEW: Event.APPEAL_DECIDED,
}
TITLES: Mapping[Event, str] = {
    Event.ACCEPTED: _l("The ministry accepts or refuses the petition"),
    Event.SUPPORT_REACHED: _l("Enough supporters join"),
    Event.THRESHOLD_REACHED: _l("Enough citizens join"),
    Event.SENT: _l("The petition is sent to the body"),
    Event.REGISTERED: _l("The body registers the petition"),
    Event.DECIDED: _l("The body decides"),
    Event.PUBLISHED: _l("The body publishes its decision"),
    Event.STATEMENT_MADE: _l("The head of the body makes an official statement"),
    Event.FORWARDED: _l("The petition goes on to the body as an ordinary message"),
    Event.MESSAGE_REGISTERED: _l("The body registers the message"),
    Event.MESSAGE_ANSWERED: _l("The body answers the message"),
    Event.MEDIA_INFORMED: _l("The mass media are informed"),
    Event.SENDING_NOTIFIED: _l("The author is told that the petition was sent"),
    Event.APPEAL_PASSED_UP: _l("The body passes the complaint up"),
    Event.APPEAL_DECIDED: _l("The superior body decides on the complaint"),
}


def coming(
    session: Session,
    standing: Standing,
    rows: Sequence[TransitionRow],
    clocks: Sequence[ClockRow],
    policy: Policy,
    now: datetime,
) -> tuple[Step, ...]:
    """What comes next: the step of the main line with its day, then duties that wait beside it."""
    ahead = next_step(standing.state, sending_by_hand=policy.flag("sending_by_hand"), statement_made=is_stated(rows))
    main = [_next(session, standing, ahead.event, ahead.clock, rows, clocks, policy, now)] if ahead else []
    return (*main, *(_duty(clock, now) for clock in clocks if clock.is_running and clock.kind in DUTIES))


def _next(
    session: Session,
    standing: Standing,
    event: Event,
    kind: ClockKind | None,
    rows: Sequence[TransitionRow],
    clocks: Sequence[ClockRow],
    policy: Policy,
    now: datetime,
) -> Step:
    due = _due(session, standing, kind, rows, clocks, policy)
    # 91(2): the mark of a deemed refusal ends the term, yet the answer is owed and late all the same.
    breach = kind is not None and CLOCKS[kind].breach
    overdue = breach and due is not None and now >= end_of_day(due)
    return Step(
        title=str(TITLES[event]),
        state="overdue" if overdue else "next",
        when=due,
        note=what_comes(standing.state, overdue=True)
        if overdue and standing.state in LATE
        else _explained(standing.state, policy),
    )


def _due(
    session: Session,
    standing: Standing,
    kind: ClockKind | None,
    rows: Sequence[TransitionRow],
    clocks: Sequence[ClockRow],
    policy: Policy,
) -> date | None:
    if kind is not None:
        return next((clock.due_on for clock in reversed(clocks) if clock.kind is kind), None)
    received = {State.SENT: Event.SENT, State.FORWARDED: Event.FORWARDED}.get(standing.state)
    if received is None:
        return None
    arrival = newest(rows, received)
    try:
        calendar = reference.calendar(session)
        return registration_day(arrival.recorded_at, calendar, policy.working_hours())[0] if arrival else None
    except CalendarUnknown:
        return None


def _explained(state: State, policy: Policy) -> str:
    by_hand = policy.flag("sending_by_hand")
    notes = {
        State.CHECKING: _("The petition is either accepted or refused with a reason."),
        State.SUPPORTING: _("If too few join in time, the petition lapses. It may be corrected and filed again."),
        State.OPEN: _("If too few join in time, it goes back to the author and on to the body as an ordinary message."),
        State.REACHED: _("A member of staff sends it.")
        if by_hand
        else _("It is sent by itself. Nobody may refuse it."),
        State.SENT: _("Registration comes by itself on the day of receipt or the next working day."),
        State.EXAMINATION: _("If the term passes in silence, that counts as a refusal, and it may be appealed."),
        State.DECIDED: _("The decision is published by the next working day."),
        State.PUBLISHED: _("The head of the body makes an official statement. The law sets no day for it."),
        State.FORWARDED: _("Registration comes by itself on the day of receipt or the next working day."),
        State.MESSAGE: _("A message is answered, noted, or its handling ends with a reason."),
    }
    return str(notes.get(state, ""))


def _duty(clock: ClockRow, now: datetime) -> Step:
    return Step(
        title=str(TITLES[DUTIES[clock.kind]]),
        state="overdue" if clock.overdue(now) else "next",
        when=clock.due_on,
        note=pick(clock.label, "name"),
    )
