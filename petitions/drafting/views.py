"""The author's pages: before one begins, the draft, checking one's answers, one's own list, taking back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, cast

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from petitions import clock
from petitions.audit import Actor
from petitions.db import reading
from petitions.drafting import actions, consent, queries
from petitions.drafting import signing_views as signing
from petitions.drafting.actions import NotEligible, Saved, StaleRevision, SteppedBackAlready, TooManyDrafts
from petitions.drafting.forms import DraftForm, FilingForm, WordsForm
from petitions.drafting.queries import Draft, OwnPetition
from petitions.errors import NotFound
from petitions.forms import answered, done
from petitions.i18n import PETITION_LANGUAGES, current_language, format_clock_time
from petitions.identity.actions import ensure_facts
from petitions.identity.eds import SignatureRefused
from petitions.identity.models import Purpose
from petitions.identity.sessions import Viewer
from petitions.identity.signing_requests import RequestOver
from petitions.identity.ways import Shown
from petitions.law.states import State
from petitions.lifecycle import filing as law_of_filing
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.advance import NotNow
from petitions.lifecycle.attaching import ACCEPT, MAX_FILES
from petitions.lifecycle.filing import AlreadyFiled, Incomplete
from petitions.lifecycle.themes import THEMES
from petitions.lifecycle.visibility import MAX_ID, find
from petitions.permissions import Permission, requires
from petitions.reference.words import source_text
from petitions.timeline.coming import FINISHED
from petitions.web import download, room_blueprint

Answer = str | Response | tuple[str, int] | tuple[dict[str, Any], int] | dict[str, Any]

DRAFT = f"/drafts/<int(max={MAX_ID}):petition_id>"
FILING = ("drafting.filing", "drafting.signed_filing")
PETITION = "/petitions/<string(maxlength=64):ref>"

bp = room_blueprint("drafting")
blueprints = (bp,)
bp.add_app_template_filter(source_text, "source_named")


@bp.get("/start")
@requires(Permission.READ_PUBLIC)
def start() -> Answer:
    if _viewer().citizen_id is not None:
        ensure_facts(_me(), clock.now())
    return _start_page()


@bp.post("/drafts")
@requires(Permission.WRITE_PETITION)
def create() -> Answer:
    language = current_language() if current_language() in PETITION_LANGUAGES else "kk"
    with reading() as session:
        place = queries.asked_place(session, request.form.get("kato", ""))
    kato = place.kato if place else None
    petition_id = actions.start(by=_actor(), at=clock.now(), language=language, kato=kato)
    return redirect(url_for("drafting.draft", petition_id=petition_id))


@bp.get(DRAFT)
@requires(Permission.WRITE_PETITION)
def draft(petition_id: int) -> Answer:
    with reading() as session:
        own = queries.draft(session, petition_id, _me())
        form = DraftForm.of(own.answers, own.revision, added=request.args.get("add", ""))
        return _draft_page(session, own, form, own.answers.territory_kato, request.args.get("place", ""))


@bp.post(DRAFT)
@requires(Permission.WRITE_PETITION)
def save(petition_id: int) -> Answer:
    form = DraftForm.sent()
    if not done(form, partial(_keep, petition_id, form)):
        return _as_typed(petition_id, form), 422
    if request.form.get("act") in ("save", "enter"):
        flash(_("Saved."), "success")
    return redirect(_after_saving(petition_id, form))


@bp.post(f"{DRAFT}/autosave")
@requires(Permission.WRITE_PETITION)
def autosave(petition_id: int) -> Answer:
    form = DraftForm.sent()
    saved = answered(form, partial(_keep, petition_id, form))
    if saved is None:
        return {"wrong": [name for name in form.errors if name]}, 422
    return {"saved_at": format_clock_time(saved.saved_at), "version": str(saved.revision)}


@bp.get(f"{DRAFT}/files/<int(max={MAX_ID}):file_id>")
@requires(Permission.WRITE_PETITION)
def file(petition_id: int, file_id: int) -> Answer:
    """One's own file, the document of authority too; the public's way to files is the petition's page."""
    with reading() as session:
        queries.own_petition(session, petition_id, _me(), clock.now())
        row, content = lifecycle.attachment(session, petition_id, file_id)
    return download(content, name=row.name, mimetype=row.mime)


@bp.get(f"{DRAFT}/discard")
@requires(Permission.WRITE_PETITION)
def discarding(petition_id: int) -> Answer:
    with reading() as session:
        return render_template("drafting/discard.html", draft=queries.draft(session, petition_id, _me()))


@bp.post(f"{DRAFT}/discard")
@requires(Permission.WRITE_PETITION)
def discard(petition_id: int) -> Answer:
    actions.discard(petition_id, by=_actor())
    flash(_("The draft is erased."), "success")
    return redirect(url_for("drafting.own"))


@bp.get(f"{DRAFT}/check")
@requires(Permission.WRITE_PETITION)
def check(petition_id: int) -> Answer:
    ensure_facts(_me(), clock.now())
    return _check_page(petition_id, FilingForm(formdata=None))


@bp.post(f"{DRAFT}/filing")
@requires(Permission.WRITE_PETITION)
def filing(petition_id: int) -> Answer:
    form = FilingForm()
    if not form.validate_on_submit():
        return _check_page(petition_id, form), 422
    began_at = clock.now()
    text = actions.begin_filing(petition_id, revision=form.revision, by=_actor(), at=began_at)
    shown = Shown(Purpose.FILE, *text, began_at, _me(), petition_id, str(petition_id), form.revision)
    return signing.page(shown, url_for("drafting.signed_filing", petition_id=petition_id))


@bp.post(f"{DRAFT}/signed-filing")
@requires(Permission.WRITE_PETITION)
def signed_filing(petition_id: int) -> Answer:
    with reading() as session:
        queries.draft(session, petition_id, _me())  # sent twice, or a phone was quicker: AlreadyFiled
    asked, signed = signing.brought(Purpose.FILE, petition_id)
    actions.file(petition_id, signed=signed, by=_actor(), at=clock.now(), revision=asked.revision)
    signing.done(asked, signed)
    flash(_("Your petition is filed. Its text is now fixed, and its terms run."), "success")
    return redirect(url_for("drafting.own"))


@bp.get("/my-petitions")
@requires(Permission.WRITE_PETITION)
def own() -> Answer:
    return _own_page()


@bp.get(f"{PETITION}/withdrawal")
@requires(Permission.WRITE_PETITION)
def withdrawal(ref: str) -> Answer:
    petition = _own(ref)
    if not petition.may_withdraw:
        raise NotNow
    return render_template("drafting/withdrawal.html", petition=petition)


@bp.post(f"{PETITION}/withdrawal")
@requires(Permission.WRITE_PETITION)
def withdraw(ref: str) -> Answer:
    petition, began_at = _own(ref), clock.now()
    if not petition.may_withdraw:
        raise NotNow
    text = actions.begin_withdrawal(petition.petition_id, by=_actor(), at=began_at)
    shown = Shown(Purpose.WITHDRAW_PETITION, *text, began_at, _me(), petition.petition_id, ref)
    return signing.page(shown, url_for("drafting.signed_withdrawal", ref=ref))


@bp.post(f"{PETITION}/signed-withdrawal")
@requires(Permission.WRITE_PETITION)
def signed_withdrawal(ref: str) -> Answer:
    petition = _own(ref)
    if petition.state == State.WITHDRAWN:
        return redirect(url_for("drafting.own"))  # sent twice, or a phone was quicker
    asked, signed = signing.brought(Purpose.WITHDRAW_PETITION, petition.petition_id)
    actions.withdraw(petition.petition_id, signed=signed, by=_actor(), at=clock.now())
    signing.done(asked, signed)
    flash(_("Your petition is withdrawn."), "success")
    return redirect(url_for("drafting.own"))


@bp.get(f"{PETITION}/step-back")
@requires(Permission.WRITE_PETITION)
def stepping_back(ref: str) -> Answer:
    petition = _own(ref)
    if not petition.may_step_back:
        raise NotNow
    return render_template("drafting/step_back.html", petition=petition, form=WordsForm(formdata=None))


@bp.post(f"{PETITION}/step-back")
@requires(Permission.WRITE_PETITION)
def step_back(ref: str) -> Answer:
    petition, form = _own(ref), WordsForm()
    if not form.validate_on_submit():
        return render_template("drafting/step_back.html", petition=petition, form=form), 422
    words = form.words.data or ""
    actions.step_back(petition.petition_id, words=words, by=_actor(), at=clock.now())
    flash(_("It is now shown that you stepped back."), "success")
    return redirect(url_for("drafting.own"))


@bp.errorhandler(NotEligible)
def _not_eligible(error: NotEligible) -> Answer:
    return _start_page(), error.status


@bp.errorhandler(TooManyDrafts)
@bp.errorhandler(SteppedBackAlready)
def _at_ones_list(error: TooManyDrafts | SteppedBackAlready) -> Answer:
    flash(str(error.message), "warning")
    return _own_page(), error.status


@bp.errorhandler(Incomplete)
def _incomplete(error: Incomplete) -> Answer:
    return _check_page(_petition_id(), FilingForm(formdata=None)), error.status


@bp.errorhandler(SignatureRefused)
@bp.errorhandler(RequestOver)
def _not_signed(error: SignatureRefused | RequestOver) -> Answer:
    """What was brought is no signature of this act: why, and where it is begun again."""
    values = request.view_args or {}
    again = "drafting.check" if request.endpoint in FILING else "drafting.withdrawal"
    return render_template(
        "drafting/not_signed.html", message=error.message, again=url_for(again, **values)
    ), error.status


@bp.errorhandler(StaleRevision)
def _stale(error: StaleRevision) -> Answer:
    """Nobody's words are lost: the page keeps what was typed and shows what is stored."""
    if request.endpoint == "drafting.autosave":
        return {"conflict": str(error.message)}, error.status
    if request.endpoint in FILING:
        flash(_("Your draft was changed meanwhile. Please check it again."), "warning")
        return _check_page(_petition_id(), FilingForm(formdata=None)), error.status
    form = DraftForm.sent()
    form.version.data = str(error.revision)
    return _as_typed(_petition_id(), form, conflict=True), error.status


@bp.errorhandler(AlreadyFiled)
def _already_filed(error: AlreadyFiled) -> Answer:
    """A page kept open, or a button pressed twice; a text sent to a filed petition is refused aloud."""
    if request.endpoint == "drafting.autosave":
        return {"conflict": str(error.message)}, error.status
    if request.method == "GET" or request.endpoint in FILING:
        return redirect(url_for("drafting.own"))
    flash(str(error.message), "error")
    return _own_page(), error.status


def _viewer() -> Viewer:
    return cast(Viewer, current_user)


def _me() -> int:
    citizen_id = _viewer().citizen_id
    if citizen_id is None:
        raise NotFound
    return citizen_id


def _actor() -> Actor:
    return _viewer().actor()


def _petition_id() -> int:
    return int((request.view_args or {})["petition_id"])


def _own(ref: str) -> OwnPetition:
    with reading() as session:
        found = find(session, ref, _viewer())
        return queries.own_petition(session, found.petition_id, _me(), clock.now())


def _keep(petition_id: int, form: DraftForm) -> Saved:
    with reading() as session:
        answers = form.answers(session)
    removed = request.form.get("remove_file", "")
    return actions.save(
        petition_id,
        answers,
        revision=form.revision,
        by=_actor(),
        at=clock.now(),
        files=form.files(),
        removed_file=int(removed) if removed.isascii() and removed.isdigit() else None,
    )


def _after_saving(petition_id: int, form: DraftForm) -> str:
    """Where the pressed button leads: everything typed is kept before."""
    act, page = request.form.get("act"), partial(url_for, "drafting.draft", petition_id=petition_id)
    if act == "check":
        return url_for("drafting.check", petition_id=petition_id)
    if act in ("search", "enter") and form.place.data:
        return page(place=form.place.data[:100], _anchor="territory")
    if act == "drill":
        return page(_anchor="territory")
    if (added := request.form.get("add")) in ("arguments", "proposals"):
        return page(add=added, _anchor=f"{added}-add")
    if "remove_file" in request.form:
        return page(_anchor="files")
    return page()


def _start_page() -> str:
    with reading() as session:
        kato = request.values.get("kato", "")
        page = queries.start_page(session, _viewer().citizen_id, clock.now(), kato)
    return render_template("drafting/start.html", page=page, max_drafts=actions.MAX_DRAFTS)


def _as_typed(petition_id: int, form: DraftForm, *, conflict: bool = False) -> str:
    with reading() as session:
        stored = queries.draft(session, petition_id, _me())
        kato = form.answers(session).territory_kato
        return _draft_page(session, stored, form, kato, form.place.data or "", conflict=conflict)


def _draft_page(
    session: Session, own: Draft, form: DraftForm, kato: str | None, searched: str, *, conflict: bool = False
) -> str:
    place = queries.place(session, kato, searched, current_language())
    form.offer(session, place, current_language())
    return render_template(
        "drafting/draft.html",
        draft=own,
        form=form,
        place=place,
        conflict=conflict,
        limits=law_of_filing,
        accept=ACCEPT,
        max_files=MAX_FILES,
    )


def _check_page(petition_id: int, form: FilingForm) -> str:
    with reading() as session:
        page = queries.check_page(session, petition_id, _me(), clock.now())
    form.version.data = str(page.draft.revision)
    return render_template(
        "drafting/check.html",
        page=page,
        form=form,
        place_name=queries.place_name,
        sentences=consent.SENTENCES,
        themes=THEMES,
    )


def _own_page() -> str:
    with reading() as session:
        petitions = queries.own_petitions(session, _me(), clock.now())
    return render_template("drafting/own.html", shelves=_shelves(petitions))


def _shelves(petitions: Sequence[OwnPetition]) -> list[tuple[str, str, list[OwnPetition]]]:
    """What waits for the author, what is under way, what has ended; each newest first, none empty."""
    drafts = [one for one in petitions if one.state is State.DRAFT]
    finished = [one for one in petitions if one.state in FINISHED]
    under_way = [one for one in petitions if one.state is not State.DRAFT and one.state not in FINISHED]
    shelves = (
        ("drafts", _("Drafts, they wait for you"), drafts),
        ("under-way", _("Under way"), under_way),
        ("finished", _("Finished"), finished),
    )
    return [shelf for shelf in shelves if shelf[2]]
