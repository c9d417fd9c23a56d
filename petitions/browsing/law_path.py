"""The way of a petition in plain words, step by step, by the edition it lives by."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from petitions.browsing.words import term
from petitions.i18n import format_number
from petitions.law.editions import Edition
from petitions.law.policy import Policy, order_for
from petitions.law.states import Order


@dataclass(frozen=True)
class PathStep:
    """A step. ``key`` chooses its sign in the picture; ``otherwise``: where the way ends or turns off there."""

    key: str
    title: str
    text: str
    term: str
    article: str
    otherwise: str = ""


def path(law: Edition, policy: Policy) -> tuple[PathStep, ...]:
    """From the draft to the decision, in the order of check and support that counts."""
    middle = [_check(law), _support(law)]
    if order_for(law, policy) is Order.SUPPORT_FIRST:
        middle.reverse()
    return (_filing(law, policy), *middle, *(make(law) for make in _AFTER_THE_CHECK))


def turns(law: Edition) -> tuple[PathStep, ...]:
    """What happens where the way turns off."""
    return (_silence(law), _not_enough(law))


def _filing(law: Edition, policy: Policy) -> PathStep:
    return PathStep(
        "write",
        _("Write and file"),
        _(
            "Any citizen of Kazakhstan may file, alone or through a representative. You choose the body "
            "that can help, say what you ask, and give each argument and each proposal by itself, so "
            "that each is answered. Once filed, the text does not change. Least age: %(age)s.",
            age=policy.integer("min_age"),
        ),
        "",
        law.fields_article,
    )


def _check(law: Edition) -> PathStep:
    return PathStep(
        "check",
        _("The check"),
        _(
            "A moderator of the Ministry of Culture and Information looks whether everything is there, "
            "whether the subject is allowed, and whether the same was asked before. A refusal names its "
            "reason and can be appealed; a corrected petition may be filed again."
        ),
        term(law.check),
        law.check.article,
        _("Refused: with the reason in public"),
    )


def _support(law: Edition) -> PathStep:
    length = term(law.support_written)
    if law.has_electronic_support_term:
        length = _(
            "%(site)s on the site, %(paper)s on paper",
            site=term(law.support_electronic),
            paper=term(law.support_written),
        )
    return PathStep(
        "support",
        _("The first supporters"),
        _(
            "You share a private link. The petition is in no list yet. Citizens who must join: %(number)s.",
            number=format_number(law.support_needed.value),
        ),
        length,
        law.support_needed.article,
        _("Too few: it ends, and may be filed again"),
    )


def _collection(law: Edition) -> PathStep:
    return PathStep(
        "join",
        _("Everybody may join"),
        _(
            "The petition is open to all. How many must join depends on whom it addresses and is fixed "
            "on the day it opens. One person, one joining: with a digital signature, or on paper."
        ),
        term(law.collection),
        law.collection.article,
        _("Too few: the body answers it as an ordinary message"),
    )


def _sending(law: Edition) -> PathStep:
    return PathStep(
        "send",
        _("It is sent to the body"),
        _("When enough have joined, the petition goes to the body. The body may not refuse to take it."),
        _("Notice within %(term)s", term=term(law.sending_notice)),
        law.sending_notice.article,
    )


def _examination(law: Edition) -> PathStep:
    return PathStep(
        "examine",
        _("The body examines it"),
        _(
            "It visits the place where facts need checking, holds a public discussion of its draft "
            "decision, and forms a working group with the author. The term is not extended."
        ),
        _(
            "%(central)s for a central body, %(local)s for a local one",
            central=term(law.consideration_central),
            local=term(law.consideration_local),
        ),
        law.consideration_central.article,
        _("Silence: it counts as a refusal, the answer is still owed"),
    )


def _decision(law: Edition) -> PathStep:
    return PathStep(
        "decide",
        _("The decision"),
        _(
            "The head of the body decides: satisfied fully, satisfied in part, or refused. The decision "
            "answers every argument, cites the law, and says how to appeal. Then the head makes an "
            "official statement."
        ),
        _("Published within %(term)s", term=term(law.publication)),
        law.publication.article,
    )


def _silence(law: Edition) -> PathStep:
    return PathStep(
        "silence",
        _("If the body stays silent"),
        _(
            "Silence past the term counts as a refusal. The page shows it, the body still owes an "
            "answer, and the author may appeal or go to court."
        ),
        _("Appeal within %(appeal)s; court within %(court)s", appeal=term(law.appeal), court=term(law.court)),
        "91(2), 92, 136",
    )


def _not_enough(law: Edition) -> PathStep:
    return PathStep(
        "few",
        _("If too few join"),
        _(
            "The petition goes back to the author and on to the body as an ordinary message, which is "
            "answered, noted, or closed with a reason."
        ),
        term(law.message),
        law.message.article,
    )


_AFTER_THE_CHECK = (_collection, _sending, _examination, _decision)
