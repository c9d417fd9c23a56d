"""Every event of the law has its decision here: who is written to, and with which words.

A test fails when an event is missing. `None` is a decision too: the timeline shows it, nobody is written to.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from petitions.law.states import Event


@dataclass(frozen=True)
class Letter:
    """``subject`` and ``words`` go to the author by mail and into the inbox; signers see it in their inbox only."""

    subject: LazyString
    words: LazyString
    to_signers: bool = False


LETTERS: dict[Event, Letter | None] = {
    Event.FILED: Letter(
        _l("Your petition is filed"),
        _l("Its text is frozen now. The page shows which step comes next and by which day."),
    ),
    Event.ACCEPTED: Letter(
        _l("Your petition passed the check"),
        _l("Share its link: the page shows how many citizens must join and by which day."),
    ),
    Event.REFUSED: Letter(
        _l("Your petition was refused at the check"),
        _l(
            "The page names the failed condition, its clause and the reasons. You may complain, "
            "and you may file a corrected petition at any time (articles 90-2(6), 80(5), 91)."
        ),
    ),
    Event.SUPPORT_REACHED: Letter(
        _l("Your petition has its first supporters"),
        _l("The page shows what happens now and by which day."),
    ),
    Event.LAPSED: Letter(
        _l("Your petition did not find its first supporters in time"),
        _l("It is closed (article 90-2). You may file it again at any time, and you may complain."),
    ),
    Event.WITHDRAWN: Letter(_l("You withdrew your petition"), _l("Nobody can join it any more.")),
    Event.THRESHOLD_REACHED: Letter(
        _l("The required number of citizens has joined"),
        _l("The petition goes to the body it is addressed to. Acceptance cannot be refused (article 90-4)."),
        to_signers=True,
    ),
    Event.SENT: Letter(
        _l("Your petition was sent to the body it is addressed to"),
        _l("Joining is closed. The body registers it on the day of receipt or the next working day (article 64(3))."),
        to_signers=True,
    ),
    Event.SENDING_NOTIFIED: None,
    Event.REGISTERED: Letter(
        _l("Your petition is registered and examined"),
        _l("The page shows the last day of the examination and each duty of the body (article 90-5)."),
        to_signers=True,
    ),
    Event.DEEMED_REFUSED: Letter(
        _l("The term passed without a decision"),
        _l("In law this is a refusal (article 91(2)): you may complain from now on. A late decision is still shown."),
        to_signers=True,
    ),
    Event.DECIDED: None,
    Event.DECIDED_ANEW: None,
    Event.PUBLISHED: Letter(
        _l("The decision on your petition is published"),
        _l("Read the answer to each argument, and how it can be appealed (article 90-6)."),
        to_signers=True,
    ),
    Event.STATEMENT_MADE: Letter(
        _l("The head of the body made an official statement"), _l("Read it on the page."), to_signers=True
    ),
    Event.RETURNED: Letter(
        _l("Your petition did not reach the required number in time"),
        _l("It returns to the author and goes to the competent body as an ordinary message (article 90-3(5))."),
        to_signers=True,
    ),
    Event.FORWARDED: None,
    Event.MESSAGE_REGISTERED: Letter(
        _l("The competent body registered your petition as a message"),
        _l("The page shows the last day of its answer (article 76(1))."),
    ),
    Event.MESSAGE_ANSWERED: Letter(
        _l("The competent body answered"), _l("Read the answer on the page."), to_signers=True
    ),
    Event.MESSAGE_NOTED: Letter(_l("The competent body took note"), _l("Read its words on the page.")),
    Event.MESSAGE_TERMINATED: Letter(
        _l("The competent body ended its work on your message"), _l("Read the reason on the page.")
    ),
    Event.TAKEN_DOWN: Letter(
        _l("Your petition was taken down by a legal order"), _l("Clocks of the law run on. You may complain.")
    ),
    Event.RESTORED: Letter(
        _l("Your petition was restored"), _l("It stands where it stood before, with the same last days.")
    ),
    Event.REDIRECTED: Letter(
        _l("The addressee of your petition was made more exact"), _l("The page names the competent body.")
    ),
    Event.DISCUSSION_ANNOUNCED: Letter(
        _l("Public discussion of the draft decision"),
        _l("The page names the day, the hour and the place. You are invited (article 90-5)."),
        to_signers=True,
    ),
    Event.GROUP_FORMED: Letter(
        _l("A working group was formed on your petition"),
        _l("You or your representative belong to it (article 90-5)."),
    ),
    Event.APPEAL_DECIDED: Letter(_l("A complaint about your petition was decided"), _l("Read it on the page.")),
    Event.COLLECTION_EXTENDED: Letter(
        _l("The time for joining was extended"),
        _l("The page names the reason and the new last day."),
        to_signers=True,
    ),
    Event.CLOCKS_RECOMPUTED: Letter(
        _l("A change of the working calendar moved a last day"), _l("The page shows the new day.")
    ),
    Event.BODY_QUERIED: None,
    Event.BODY_REPLIED: None,
    Event.MEDIA_INFORMED: None,
    Event.STEPPED_BACK: None,
    Event.VISITED: None,
    Event.VISIT_WAIVED: None,
    Event.DISCUSSION_HELD: None,
    Event.COMMENTS_ANALYSED: None,
    Event.PRACTICE_STUDIED: None,
    Event.BODY_NUMBER_ENTERED: None,
    Event.APPEAL_FILED: None,
    Event.APPEAL_PASSED_UP: None,
    Event.COMMITMENT_MADE: None,
    Event.COMMITMENT_UPDATED: None,
}

INVALIDATED = Letter(
    _l("Your joining does not count"),
    _l(
        "The authority that issued your certificate says that it had been revoked before you joined. The joining was "
        "taken out of the count. While joining is open, you may join again with a valid certificate."
    ),
    to_signers=True,
)
"""No legal step of a petition: the removal of one joining tells its own signer."""

AUTHOR_EVENTS = frozenset(event for event, letter in LETTERS.items() if letter)
SIGNER_EVENTS = frozenset(event for event, letter in LETTERS.items() if letter and letter.to_signers)
