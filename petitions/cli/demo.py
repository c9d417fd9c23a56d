"""The demonstration on the command line: filling it, and telling a newcomer where everything is."""

from __future__ import annotations

from collections.abc import Iterator

import click
import sqlalchemy as sa
from flask import current_app, g, url_for
from flask_babel import force_locale

from petitions import clock
from petitions.config import Config
from petitions.db import reading
from petitions.demo import seeding
from petitions.demo.seeds import seeds
from petitions.i18n import format_moment
from petitions.identity.demo_staff import DEMO_STAFF, demo_password
from petitions.identity.roles import ROLE_NAMES
from petitions.identity.simulators.people import ORDINARY_COUNT, SPECIAL
from petitions.law.states import STATE_LABELS, Order, State, link_is_active
from petitions.lifecycle.models import Petition

LANGUAGE = "en"
FIRST_PAGE = "kk"


def seed_demo(config: Config, progress: seeding.Progress) -> None:
    """Make what is missing of the demonstration's people and petitions; what cannot be made is told."""
    if not config.simulators:
        click.echo("demonstration: left out, its people need the simulators (PETITIONS_SIMULATORS=1)")
        return
    for line in seeding.seed_demo(config, progress, clock.now()):
        click.echo(f"demonstration: left out {line}")


def welcome(address: str, config: Config) -> str:
    """Everything a newcomer needs, in a page of the terminal. ``address`` is the site's, without a slash at the end."""
    with current_app.test_request_context(base_url=address), force_locale(LANGUAGE):
        g.lang = LANGUAGE
        return "\n".join(_lines(address, config))


def _lines(address: str, config: Config) -> Iterator[str]:
    yield ""
    yield f"  {address}/{FIRST_PAGE}/   is the address; /ru/ and /en/ are the same pages in Russian and English"
    if clock.is_shifted():
        yield f"  the law's clock stands at {format_moment(clock.now())}"
    if config.simulators:
        yield from ("", f"  Citizens sign in at {_page('identity.sign_in')} (simulated single sign-on):")
        yield from (f"    {one.public_name:<12} {one.note}" for one in SPECIAL)
        yield f"    {'and':<12} {ORDINARY_COUNT} ordinary citizens"
        yield from ("", f"  Staff sign in at {_page('identity.staff_sign_in')}, everybody's password is")
        yield f"    {demo_password(config)}"
        yield f"    and the code of each is shown at {address}/simulators/authenticator"
        yield from (f"    {one.email:<33} {_roles(one.roles, one.acting_act)}" for one in DEMO_STAFF)
    if links := _links(address):
        yield from ("", "  Known by their link only:", *links)
    yield ""
    if config.smtp_url is None:
        yield f"  Mail is dropped in {_short(config)}/outbox"
    yield "  Ctrl-C stops everything; `make run` goes on from here, `make reset` forgets it all"
    yield ""


def _page(endpoint: str) -> str:
    return url_for(endpoint, lang=FIRST_PAGE, _external=True)


def _roles(roles: tuple[object, ...], acting_act: str | None) -> str:
    names = [str(ROLE_NAMES[role]).lower() for role in ROLE_NAMES if role in roles]
    return ", ".join([*names, "acting head"] if acting_act else names)


def _links(address: str) -> list[str]:
    """The demonstration's petitions that no list shows, with their unguessable addresses."""
    wanted = sa.select(Petition.state, Petition.order, Petition.title, Petition.link_token).where(
        Petition.title.in_([seed.title for seed in seeds()]), Petition.link_token.is_not(None)
    )
    with reading() as session:
        rows = session.execute(wanted.order_by(Petition.id)).all()
    lines = []
    for state, order, title, token in rows:
        if order and link_is_active(State(state), Order(order)):
            lines.append(f"    {title} ({STATE_LABELS[State(state)].name_en.lower()})")
            lines.append(f"      {address}/{FIRST_PAGE}/petitions/{token}")
    return lines


def _short(config: Config) -> str:
    """The instance folder as it is seen from here, where that is shorter."""
    folder = config.instance_path
    here = type(folder).cwd()
    return str(folder.relative_to(here) if folder.is_relative_to(here) else folder)
