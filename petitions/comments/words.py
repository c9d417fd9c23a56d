"""How stances, voices and rules are called, in the language of the page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from petitions.comments.models import Rule, Stance
from petitions.comments.trouble import Trouble, personal_data

STANCES = {
    Stance.FOR: _l("For"),
    Stance.AGAINST: _l("Against"),
    Stance.QUESTION: _l("Question"),
}
STANCES_OF_MANY = STANCES | {Stance.QUESTION: _l("Questions")}
RULES = {
    Rule.INSULT: _l("Insult or threat"),
    Rule.HATRED: _l("Incitement to hatred or discord"),
    Rule.PERSONAL_DATA: _l("Somebody's personal data"),
    Rule.ADVERTISEMENT: _l("Advertisement"),
    Rule.REPEATED: _l("The same text again and again"),
    Rule.OFF_SUBJECT: _l("Nothing to do with the petition"),
    Rule.UNLAWFUL: _l("Forbidden by law"),
}
TROUBLES = {
    Trouble.LINK: _l("A link"),
    Trouble.PHONE: _l("A phone number"),
    Trouble.EMAIL: _l("An e-mail address"),
    Trouble.IIN: _l("An individual identification number"),
    Trouble.INSULT: _l("A word that may insult"),
    Trouble.REPEATED: _l("The same words as in another comment"),
}
PERSONAL_DATA_WARNING = _l(
    "It seems that personal data stand in your text. Take them out, or confirm that they may be published."
)


def personal_data_in(text: str) -> list[str]:
    """What personal data seem to stand in a text, in words."""
    return [str(TROUBLES[kind]) for kind in personal_data(text)]
