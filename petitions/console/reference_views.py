"""Territories with their populations, and bodies: names, figures with date and source, titles of heads."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from petitions import clock
from petitions.console import queries
from petitions.console.blueprint import bp
from petitions.console.forms import BodyForm, NamesForm, PopulationForm, TerritoryForm
from petitions.db import reading
from petitions.errors import NotFound
from petitions.forms import done
from petitions.identity.roles import Role
from petitions.lifecycle.filing import one_line
from petitions.permissions import Permission, requires
from petitions.reference import actions
from petitions.reference import queries as reference
from petitions.reference.kinds import UnitKind
from petitions.reference.records import BodyView, TerritoryView
from petitions.reference.words import BODY_KINDS, UNIT_KINDS

Answer = Response | tuple[str, int] | str

SEARCH_LENGTH = 100
DEEPEST = 3


@bp.get("/console/territories")
@requires(Permission.EDIT_REFERENCE)
def territories() -> str:
    text = _searched()
    with reading() as session:
        found = reference.search_territories(session, text, limit=50) if text else reference.top_units(session, g.lang)
        around = {unit.kato: reference.territory_path(session, unit.kato)[:-1] for unit in found}
    return render_template("console/territories.html", text=text, found=found, around=around, kinds=UNIT_KINDS)


@bp.get("/console/territories/<kato>")
@requires(Permission.EDIT_REFERENCE)
def territory(kato: str) -> str:
    return _territory_page(_unit(kato))


@bp.post("/console/territories/<kato>/names")
@requires(Permission.EDIT_REFERENCE)
def territory_names(kato: str) -> Answer:
    unit, form, by = _unit(kato), NamesForm(), current_user.actor(Role.ADMINISTRATOR)
    if not done(form, lambda: actions.rename_territory(kato, form.names, by, clock.now())):
        return _territory_page(unit, names_form=form), 422
    flash(_("The names are changed, also those of its bodies."), "success")
    return redirect(url_for("console.territory", kato=kato), 303)


@bp.post("/console/territories/<kato>/population")
@requires(Permission.EDIT_REFERENCE)
def territory_population(kato: str) -> Answer:
    unit, form, by = _unit(kato), PopulationForm(), current_user.actor(Role.ADMINISTRATOR)

    def enter() -> None:
        number, on, source = form.population.data, form.on_date.data, form.source.data or ""
        actions.set_population(kato, number, on, source, by, clock.now())

    if not done(form, enter):
        return _territory_page(unit, population_form=form), 422
    flash(_("The figure is kept. Petitions already open keep the figure they opened with."), "success")
    return redirect(url_for("console.territory", kato=kato), 303)


@bp.get("/console/territories/<kato>/new-unit")
@requires(Permission.EDIT_REFERENCE)
def territory_new(kato: str) -> str:
    return _new_unit_page(_parent(kato), TerritoryForm(formdata=None))


@bp.post("/console/territories/<kato>/new-unit")
@requires(Permission.EDIT_REFERENCE)
def territory_add(kato: str) -> Answer:
    parent, form, by = _parent(kato), TerritoryForm(), current_user.actor(Role.ADMINISTRATOR)

    def add() -> None:
        actions.add_territory(form.kato.data or "", kato, UnitKind(form.kind.data), form.names, by, clock.now())

    if not done(form, add):
        return _new_unit_page(parent, form), 422
    flash(_("The unit is added. Enter its population with date and source."), "success")
    return redirect(url_for("console.territory", kato=form.kato.data), 303)


@bp.get("/console/bodies")
@requires(Permission.EDIT_REFERENCE)
def bodies() -> str:
    text = _searched()
    with reading() as session:
        found = (
            queries.find_bodies(session, text)
            if text
            else reference.central_bodies(session, g.lang, with_inactive=True)
        )
        labels = {body.slug: queries.body_label(session, body) for body in found}
    return render_template("console/bodies.html", text=text, found=found, labels=labels, kinds=BODY_KINDS)


@bp.get("/console/bodies/<slug>")
@requires(Permission.EDIT_REFERENCE)
def body(slug: str) -> str:
    found = _body(slug)
    return _body_page(found, BodyForm(formdata=None, obj=found))


@bp.post("/console/bodies/<slug>")
@requires(Permission.EDIT_REFERENCE)
def body_change(slug: str) -> Answer:
    found, form, by = _body(slug), BodyForm(), current_user.actor(Role.ADMINISTRATOR)

    def change() -> None:
        actions.set_body(found.id, form.names, form.head_titles, form.active.data, by, clock.now())

    if not done(form, change):
        return _body_page(found, form), 422
    flash(_("The body is changed."), "success")
    return redirect(url_for("console.body", slug=slug), 303)


def _searched() -> str:
    return one_line(request.args.get("q"))[:SEARCH_LENGTH]


def _unit(kato: str) -> TerritoryView:
    if not (kato.isascii() and kato.isdigit()):
        raise NotFound
    with reading() as session:
        unit = reference.territory(session, kato)
    if unit is None:
        raise NotFound
    return unit


def _parent(kato: str) -> TerritoryView:
    unit = _unit(kato)
    if unit.level >= DEEPEST:
        raise NotFound
    return unit


def _body(slug: str) -> BodyView:
    if not slug.isprintable():
        raise NotFound
    with reading() as session:
        found = reference.body_by_slug(session, slug)
    if found is None:
        raise NotFound
    return found


def _territory_page(
    unit: TerritoryView,
    names_form: NamesForm | None = None,
    population_form: PopulationForm | None = None,
) -> str:
    with reading() as session:
        return render_template(
            "console/territory.html",
            unit=unit,
            path=reference.territory_path(session, unit.kato),
            below=reference.children(session, unit.kato, g.lang),
            own_bodies=reference.bodies_of(session, unit.kato),
            history=reference.population_history(session, unit.kato),
            kinds=UNIT_KINDS,
            may_hold_units=unit.level < DEEPEST,
            form=names_form or population_form,
            names_form=names_form or NamesForm(formdata=None, obj=unit),
            population_form=population_form or PopulationForm(formdata=None),
        )


def _new_unit_page(parent: TerritoryView, form: TerritoryForm) -> str:
    return render_template("console/territory_new.html", parent=parent, form=form)


def _body_page(found: BodyView, form: BodyForm) -> str:
    with reading() as session:
        label = queries.body_label(session, found)
        unit = reference.territory(session, found.territory_kato) if found.territory_kato else None
    return render_template("console/body.html", body=found, label=label, unit=unit, form=form, kinds=BODY_KINDS)
