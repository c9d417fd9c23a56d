"""The page on which staff place a written application."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from petitions import clock
from petitions.db import reading
from petitions.i18n import current_language
from petitions.law.levels import Addressee
from petitions.lifecycle.attaching import ACCEPT, NewFile
from petitions.moderation import written
from petitions.moderation.forms import WrittenForm
from petitions.moderation.room import Answer, bp, checker
from petitions.permissions import Permission, requires
from petitions.reference import queries as reference
from petitions.reference.records import TerritoryView

OFFERED_UNITS = 12


@bp.get("/console/written-petition")
@requires(Permission.PLACE_PAPER_PETITION)
def written_petition() -> Answer:
    return _page(_form([]))


@bp.post("/console/written-petition")
@requires(Permission.PLACE_PAPER_PETITION)
def place_written_petition() -> Answer:
    units = _units(request.form.get("territory", ""))
    form = _form(units)
    if form.edit_lists(request.form.get("add"), request.form.get("remove")):
        return _page(form)
    placed = form.result_of(lambda: written.place_written_petition(_paper(form, units), by=checker(), at=clock.now()))
    if placed is None:
        return _page(form), form.status
    flash(_("The petition is filed. Its number is %(number)s.", number=placed), "success")
    return redirect(url_for("moderation.check", petition_id=placed))


def _form(units: Sequence[TerritoryView]) -> WrittenForm:
    with reading() as session:
        return WrittenForm().offer(reference.central_bodies(session, current_language()), units)


def _page(form: WrittenForm) -> str:
    return render_template("moderation/written.html", form=form, accept=ACCEPT)


def _units(typed: str) -> list[TerritoryView]:
    """Which units the typed place may mean; one alone when nothing else is called so."""
    with reading() as session:
        found = reference.search_territories(session, typed, OFFERED_UNITS) if typed.strip() else []
    units = [unit for unit in found if unit.petition_unit]
    exact = [unit for unit in units if typed.strip().casefold() in _spellings(unit)]
    return exact if len(exact) == 1 else units


def _spellings(unit: TerritoryView) -> set[str]:
    return {unit.kato, *(name.casefold() for name in (unit.name_kk, unit.name_ru, unit.name_en))}


def _paper(form: WrittenForm, units: Sequence[TerritoryView]) -> written.Application:
    """The form's answers as the action takes them. Raises BadApplication when the place is not clear."""
    assert form.received_on.data is not None, "the form was validated"  # noqa: S101
    central = form.addressee.data == Addressee.GOVERNMENT
    represented = (form.represented.data or "") if form.is_representative.data else None
    return written.Application(
        received_on=form.received_on.data,
        reference=form.reference.data or "",
        iin=form.iin.data or "",
        surname=form.surname.data or "",
        given_name=form.given_name.data or "",
        email=form.email.data or "",
        language=form.language.data,
        title=form.title.data or "",
        content=form.content.data or "",
        arguments=[text or "" for text in form.arguments.data],
        proposals=[text or "" for text in form.proposals.data],
        addressee=form.addressee.data,
        territory_kato=None if central else _chosen(form.kato.data, units),
        body_id=(form.body.data or None) if central else None,
        scan=_file("scan", form.scan.data),
        attachments=[_file("attachment", each) for each in form.attachments.data or [] if each],
        represented=represented,
        authority=_file("authority", form.authority.data) if represented and form.authority.data else None,
    )


def _chosen(kato: str | None, units: Sequence[TerritoryView]) -> str | None:
    if len(units) == 1:
        return units[0].kato
    if kato in {unit.kato for unit in units}:
        return kato
    if units:
        raise written.BadApplication(_("Several places are called so. Choose one of them."), field="kato")
    raise written.BadApplication(_("There is no such place. Check the name or type the code."), field="territory")


def _file(kind: str, upload: FileStorage) -> NewFile:
    return NewFile(kind, upload.filename or "file", upload.read())
