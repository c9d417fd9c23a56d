"""What a card says. It may stand in a feed for years, so it says only what stays true: counts are rounded down."""

from __future__ import annotations

import math
from urllib.parse import urlsplit

from flask_babel import gettext as _

from petitions.i18n import current_language, format_day, format_number, pick
from petitions.law.states import State
from petitions.sharing.drawing import Data, version
from petitions.sharing.queries import Shown
from petitions.timeline.words import OUTCOMES, known

TEMPLATE = "card.typ"
STEPS = 50  # a card is drawn anew some hundreds of times at most, at round numbers, not at every joining
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
        "stands": stands(shown),
        "late": shown.silent_since is not None,
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
        "late": False,
        "address": _host(base_url),
    }


def card_version(data: Data) -> str:
    """The name of this card among those that there were."""
    return version(TEMPLATE, data)


def stands(shown: Shown) -> str:
    """Where the petition stands, in a sentence that stays true."""
    if shown.silent_since is not None:
        return str(_("Overdue. The answer was due on %(day)s.", day=format_day(shown.silent_since)))
    if shown.outcome is not None:
        return str(_("Answered: %(outcome)s", outcome=known(OUTCOMES, shown.outcome)))
    least, needed = rounded_down(shown.counted, shown.needed or 0), shown.needed
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
    """How much of what is needed has joined, in per cent; where anybody has, there is something to see."""
    if not shown.needed:
        return None
    if shown.standing.state is not State.OPEN:
        return 100  # it was reached, and stays so whoever takes a joining back
    least = rounded_down(shown.counted, shown.needed)
    return min(100, max(least * 100 // shown.needed, 1 if least else 0))


def rounded_down(counted: int, needed: int) -> int:
    """To ones, tens, hundreds or thousands, as the number needed is large. The first step is the first who joined."""
    step: int = 10 ** int(math.log10(max(1, needed // STEPS)))
    return max(counted // step * step, min(counted, 1))


def _host(base_url: str) -> str:
    return urlsplit(base_url).netloc
