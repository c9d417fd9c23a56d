"""Pages on which staff register, type in and confirm sheets of joinings on paper."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from petitions import clock
from petitions.audit import Actor
from petitions.db import reading
from petitions.forms import answered, done
from petitions.identity.person_registry import RegistryDown
from petitions.identity.roles import Role
from petitions.lifecycle.attaching import ACCEPT, NewFile
from petitions.permissions import Permission, requires
from petitions.signatures.paper import Outcome, SheetState
from petitions.signing import sheet_queries, sheet_words, sheets
from petitions.signing.room import Answer, bp
from petitions.signing.sheet_forms import ConfirmationForm, LinesForm, NoteForm, ReceivedForm, lines_form
from petitions.signing.sheet_lines import Doubtful
from petitions.signing.sheet_queries import SheetView
from petitions.web import download

SHEET = "/console/paper-sheets/<int:petition_id>/<sheet_id>"


@bp.get("/console/paper-sheets")
@requires(Permission.ENTER_SHEETS)
def paper_sheets() -> Answer:
    with reading() as session:
        found = sheet_queries.sheets(session)
    return render_template("signing/sheets.html", found=found, words=sheet_words)


@bp.get("/console/paper-sheets/new")
@requires(Permission.ENTER_SHEETS)
def new_sheet() -> Answer:
    return _new(ReceivedForm(formdata=None))


@bp.post("/console/paper-sheets/new")
@requires(Permission.ENTER_SHEETS)
def register_sheet() -> Answer:
    form = ReceivedForm()
    sheet_id = answered(
        form, lambda: sheets.register(form.petition.data, _received(form), by=_enterer(), at=clock.now())
    )
    if sheet_id is None:
        return _new(form), 422
    flash(_("The sheet is registered. Type its lines in, or leave that to a colleague."), "success")
    return redirect(url_for("signing.sheet", petition_id=form.petition.data, sheet_id=sheet_id), 303)


@bp.get(SHEET)
@requires(Permission.ENTER_SHEETS)
def sheet(petition_id: int, sheet_id: str) -> Answer:
    return render_template("signing/sheet.html", sheet=_view(petition_id, sheet_id), words=sheet_words, own=_is_own)


@bp.get(f"{SHEET}/scan")
@requires(Permission.ENTER_SHEETS)
def sheet_scan(petition_id: int, sheet_id: str) -> Response:
    mime, content = sheets.open_scan(petition_id, sheet_id, by=_enterer(), at=clock.now())
    ending = {"application/pdf": "pdf", "image/jpeg": "jpg"}.get(mime, "png")
    return download(content, name=f"sheet-{petition_id}-{sheet_id}.{ending}", mimetype=mime)


@bp.get(f"{SHEET}/lines")
@requires(Permission.ENTER_SHEETS)
def sheet_lines(petition_id: int, sheet_id: str) -> Answer:
    known = sheets.look_at_lines(petition_id, sheet_id, by=_enterer(), at=clock.now())
    view = _view(petition_id, sheet_id, SheetState.RECEIVED)
    return _lines(view, lines_form(view.lines, known))


@bp.post(f"{SHEET}/lines")
@requires(Permission.ENTER_SHEETS)
def enter_sheet(petition_id: int, sheet_id: str) -> Answer:
    view = _view(petition_id, sheet_id, SheetState.RECEIVED)
    form = lines_form(view.lines)
    if not form.validate():
        return _lines(view, form), 422
    try:
        sheets.enter(petition_id, sheet_id, form.typed, by=_enterer(), at=clock.now())
    except sheets.BadLines as wrong:
        form.mark(wrong)
        return _lines(view, form), 422
    flash(_("The sheet is typed in. Another member of staff must compare it with the scan."), "success")
    return _to_sheet(petition_id, sheet_id)


@bp.get(f"{SHEET}/confirmation")
@requires(Permission.ENTER_SHEETS)
def sheet_confirmation(petition_id: int, sheet_id: str) -> Answer:
    return _confirmation(petition_id, sheet_id, ConfirmationForm(formdata=None))


@bp.post(f"{SHEET}/confirmation")
@requires(Permission.ENTER_SHEETS)
def confirm_sheet(petition_id: int, sheet_id: str) -> Answer:
    form = ConfirmationForm()
    if not form.validate():
        return _confirmation(petition_id, sheet_id, form), 422
    seen, sure = form.seen_at, bool(form.despite_doubts.data)
    try:
        outcomes = sheets.confirm(petition_id, sheet_id, seen=seen, despite_doubts=sure, by=_enterer(), at=clock.now())
    except Doubtful as doubts:
        form.take(doubts)
        return _confirmation(petition_id, sheet_id, form, doubts), doubts.status
    except RegistryDown as silence:
        form.say(_("The state person registry does not answer now. Nothing was counted. Confirm the sheet later."))
        return _confirmation(petition_id, sheet_id, form), silence.status
    flash(_counted(outcomes), "success")
    return _to_sheet(petition_id, sheet_id)


@bp.get(f"{SHEET}/correction")
@requires(Permission.ENTER_SHEETS)
def sheet_correction(petition_id: int, sheet_id: str) -> Answer:
    return _note(_view(petition_id, sheet_id, SheetState.ENTERED), NoteForm(formdata=None), sheet_words.CORRECTION)


@bp.post(f"{SHEET}/correction")
@requires(Permission.ENTER_SHEETS)
def send_sheet_back(petition_id: int, sheet_id: str) -> Answer:
    form = NoteForm()
    if not done(
        form, lambda: sheets.send_back(petition_id, sheet_id, form.note.data or "", by=_enterer(), at=clock.now())
    ):
        return _note(_view(petition_id, sheet_id), form, sheet_words.CORRECTION), 422
    flash(_("The sheet waits for its correction."), "success")
    return _to_sheet(petition_id, sheet_id)


@bp.get(f"{SHEET}/rejection")
@requires(Permission.ENTER_SHEETS)
def sheet_rejection(petition_id: int, sheet_id: str) -> Answer:
    view = _view(petition_id, sheet_id, SheetState.RECEIVED, SheetState.ENTERED)
    return _note(view, NoteForm(formdata=None), sheet_words.REJECTION)


@bp.post(f"{SHEET}/rejection")
@requires(Permission.ENTER_SHEETS)
def reject_sheet(petition_id: int, sheet_id: str) -> Answer:
    form = NoteForm()
    if not done(
        form, lambda: sheets.reject(petition_id, sheet_id, form.note.data or "", by=_enterer(), at=clock.now())
    ):
        return _note(_view(petition_id, sheet_id), form, sheet_words.REJECTION), 422
    flash(_("The sheet is rejected. Nothing of it counts."), "success")
    return _to_sheet(petition_id, sheet_id)


def _enterer() -> Actor:
    """A person with several roles enters sheets as a moderator, whatever else they are."""
    role = Role.MODERATOR if current_user.has(Role.MODERATOR) else Role.SENIOR_MODERATOR
    actor: Actor = current_user.actor(role)
    return actor


def _is_own(sheet: SheetView) -> bool:
    """Whether the reader typed it in, and so cannot confirm it."""
    return sheet.entered_by_id is not None and bool(sheet.entered_by_id == current_user.staff_id)


def _view(petition_id: int, sheet_id: str, *states: SheetState) -> SheetView:
    with reading() as session:
        found = sheet_queries.sheet(session, petition_id, sheet_id)
    if states and found.state not in states:
        raise sheets.SheetMovedOn
    return found


def _received(form: ReceivedForm) -> sheets.Received:
    scan = NewFile("scan", form.scan.data.filename or "file", form.scan.data.read())
    return sheets.Received(form.reference.data or "", form.received_on.data, form.lines.data, scan)


def _new(form: ReceivedForm) -> str:
    return render_template("signing/sheet_new.html", form=form, accept=ACCEPT)


def _lines(view: SheetView, form: LinesForm) -> str:
    return render_template("signing/sheet_lines.html", sheet=view, form=form)


def _confirmation(petition_id: int, sheet_id: str, form: ConfirmationForm, doubts: Doubtful | None = None) -> str:
    view = _view(petition_id, sheet_id, SheetState.ENTERED)
    if _is_own(view):
        raise sheets.SameEyes
    form.seen.data = view.entered_at.isoformat() if view.entered_at else ""
    lines = sheets.look_at_lines(petition_id, sheet_id, by=_enterer(), at=clock.now())
    return render_template(
        "signing/sheet_confirmation.html", sheet=view, lines=lines, form=form, doubts=doubts, words=sheet_words
    )


def _note(view: SheetView, form: NoteForm, act: sheet_words.Act) -> str:
    return render_template("signing/sheet_note.html", sheet=view, form=form, act=act)


def _counted(outcomes: Mapping[int, Outcome]) -> str:
    joined = sum(outcome is Outcome.COUNTED for outcome in outcomes.values())
    told: str = ngettext(
        "The sheet is confirmed: %(num)s joining of %(lines)s is counted.",
        "The sheet is confirmed: %(num)s joinings of %(lines)s are counted.",
        joined,
        lines=len(outcomes),
    )
    return told


def _to_sheet(petition_id: int, sheet_id: str) -> Answer:
    return redirect(url_for("signing.sheet", petition_id=petition_id, sheet_id=sheet_id), 303)
