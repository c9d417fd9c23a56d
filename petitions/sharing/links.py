"""Where a petition is passed on: plain addresses that a reader may follow, nothing of another site in our pages."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask_babel import gettext as _
from markupsafe import escape

BADGE_WIDTH, BADGE_HEIGHT = 400, 280  # in CSS pixels


@dataclass(frozen=True)
class Way:
    """One way to pass an address on."""

    key: str
    name: str
    url: str


def ways(address: str, title: str) -> tuple[Way, ...]:
    """Messengers and networks. Each opens its own form with the text; nothing is sent before the reader says so."""
    return (
        Way("telegram", "Telegram", "https://t.me/share/url?" + _query(url=address, text=title)),
        Way("whatsapp", "WhatsApp", "https://wa.me/?" + _query(text=f"{title} {address}")),
        Way("vk", "VK", "https://vk.com/share.php?" + _query(url=address, title=title)),
        Way("email", _("E-mail"), "mailto:?" + _query(subject=title, body=f"{title}\n\n{address}")),
    )


def badge_code(address: str, title: str) -> str:
    """The lines that a newsroom puts into its own page: a frame without script, form or memory of ours."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="{BADGE_WIDTH}" height="{BADGE_HEIGHT}"'
        ' frameborder="0" loading="lazy" referrerpolicy="no-referrer"'
        ' sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>'
    )


def _query(**values: str) -> str:
    return urlencode(values, quote_via=quote)
