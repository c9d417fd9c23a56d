"""What a card says. It may stand in a feed for years, so it says only what stays true: counts are rounded down."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask_babel import gettext as _

from petitions.i18n import current_language, format_number, pick
from petitions.law.states import State
from petitions.sharing.drawing import Data, version
from petitions.sharing.queries import Shown
from petitions.timeline.words import OUTCOMES, known

TEMPLATE = "card.typ"
STEPS = 20  # a card is drawn anew at every twentieth part of what is needed, not at every joining
COUNTING = frozenset({State.OPEN, State.REACHED, State.SENT, State.EXAMINATION, State.DECIDED})


def card(shown: Shown, site: str, base_url: str) -> Data:
    """The card of a petition in the language of the page; its title stays in its own."""
    standing = shown.standing
    to = pick(shown.body, "name") if shown.body else ""
    return {
        "lang": current_language(),
        "site": site,
        "number": _("Petition No %(number)s", number=standing.id),
        "title": standing.title,
        "title-lang": standing.language,
        "to": _("To: %(body)s", body=to) if to else "",
        "share": _share(shown) if standing.state in COUNTING else None,
        "stands": _stands(shown),
        "address": f"{_host(base_url)}/p/{standing.id}",
    }


def site_card(site: str, base_url: str) -> Data:
    """The card of every page that is not a petition's."""
    language = current_language()
    return {
        "lang": language,
        "site": site,
        "number": "",
        "title": _("Citizens ask. The state must answer."),
        "title-lang": language,
        "to": "",
        "share": None,
        "stands": _("Petitions under the law of Kazakhstan"),
        "address": _host(base_url),
    }


def card_version(data: Data) -> str:
    """The name of this card among those that there were."""
    return version(TEMPLATE, data)


def _stands(shown: Shown) -> str:
    if shown.outcome is not None:
        return str(_("Answered: %(outcome)s", outcome=known(OUTCOMES, shown.outcome)))
    least, needed = _rounded_down(shown), shown.needed
    if shown.standing.state is State.OPEN and needed and least:
        return str(
            _(
                "Joined: %(count)s or more. Needed: %(needed)s.",
                count=format_number(least),
                needed=format_number(needed),
            )
        )
    if shown.standing.state is State.OPEN and needed:
        return str(_("Citizens needed: %(needed)s", needed=format_number(needed)))
    return pick(shown.standing.label, "name")


def _share(shown: Shown) -> int | None:
    """How much of what is needed has joined, in per cent."""
    if not shown.needed:
        return None
    return min(100, _rounded_down(shown) * 100 // shown.needed)


def _rounded_down(shown: Shown) -> int:
    step = max(1, (shown.needed or 1) // STEPS)
    return max(0, shown.counted // step * step)


def _host(base_url: str) -> str:
    return urlsplit(base_url).netloc
