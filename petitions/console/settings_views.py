"""Where the law is silent: every reading of ours, its default, and what an administrator made of it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from petitions import clock
from petitions.console.blueprint import bp
from petitions.console.forms import SettingForm
from petitions.db import reading
from petitions.errors import Conflict, NotFound
from petitions.forms import done
from petitions.identity import queries as people
from petitions.identity.roles import Role
from petitions.law.policy import SETTINGS, PolicyError, Setting
from petitions.law.policy import setting as setting_of
from petitions.permissions import Permission, requires
from petitions.reference import actions
from petitions.reference import queries as reference
from petitions.reference.words import value_text

Answer = Response | tuple[str, int] | str


@bp.get("/console/settings")
@requires(Permission.EDIT_SETTINGS)
def settings() -> str:
    with reading() as session:
        policy, overrides = reference.policy(session), reference.policy_overrides(session)
    rows = [(each, value_text(each, policy[each.name]), each.name in overrides) for each in SETTINGS]
    return render_template(
        "console/settings.html",
        open_rows=[row for row in rows if is_open(row[0])],
        closed_rows=[row for row in rows if not is_open(row[0])],
    )


@bp.get("/console/settings/<name>")
@requires(Permission.EDIT_SETTINGS)
def setting(name: str) -> str:
    found = _found(name)
    with reading() as session:
        value = reference.policy(session)[name]
    return _page(found, SettingForm.for_setting(found, value=found.write(value)))


@bp.post("/console/settings/<name>")
@requires(Permission.EDIT_SETTINGS)
def setting_change(name: str) -> Answer:
    found = _open(name)
    form, by, at = SettingForm.for_setting(found), current_user.actor(Role.ADMINISTRATOR), clock.now()
    if not done(form, lambda: actions.set_policy(name, form["value"].data, form.reason.data or "", by, at)):
        return _page(found, form), 422
    flash(_("The setting is changed. It counts from now on."), "success")
    return redirect(url_for("console.setting", name=name), 303)


@bp.post("/console/settings/<name>/reset")
@requires(Permission.EDIT_SETTINGS)
def setting_reset(name: str) -> Answer:
    _open(name)
    actions.reset_policy(name, current_user.actor(Role.ADMINISTRATOR), clock.now())
    flash(_("The setting has its default value again."), "success")
    return redirect(url_for("console.setting", name=name), 303)


def is_open(setting: Setting) -> bool:
    """Whether there is something to choose, and code that obeys the choice."""
    return setting.consumed and not setting.is_fixed


def _found(name: str) -> Setting:
    try:
        return setting_of(name)
    except PolicyError:
        raise NotFound from None


def _open(name: str) -> Setting:
    found = _found(name)
    if not is_open(found):
        raise Conflict(_("This setting has nothing to choose."))
    return found


def _page(setting: Setting, form: SettingForm) -> str:
    with reading() as session:
        value = reference.policy(session)[setting.name]
        override = reference.policy_overrides(session).get(setting.name)
        by = people.staff_row(session, override.set_by) if override and override.set_by else None
    return render_template(
        "console/setting.html",
        setting=setting,
        form=form,
        is_open=is_open(setting),
        value=value_text(setting, value),
        default=value_text(setting, setting.default),
        override=override,
        by=by,
    )
