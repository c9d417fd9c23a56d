"""What is signed and how it ended, in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from petitions.drafting import documents as filing
from petitions.drafting.actions import StaleRevision
from petitions.errors import DomainError
from petitions.identity.eds import SignatureRefused
from petitions.identity.eds.reasons import MESSAGES
from petitions.identity.models import Purpose, RequestState
from petitions.identity.signing_requests import RequestOver
from petitions.lifecycle.advance import NotNow
from petitions.lifecycle.filing import AlreadyFiled, Incomplete
from petitions.signatures.writer import AlreadySigned, NotSigned
from petitions.signing import document as joining
from petitions.signing.actions import NotSignable, WithdrawalClosed
from petitions.signing.challenge import ChallengeNotValid
from petitions.signing.eligibility import NotEligible

ALREADY = "already"
OTHER = "not-possible"

SUBJECTS = {
    Purpose.JOIN: joining.JOINING,
    Purpose.WITHDRAW: joining.WITHDRAWING,
    Purpose.FILE: filing.FILING,
    Purpose.WITHDRAW_PETITION: filing.WITHDRAWING,
    Purpose.SIGN_IN: _l("Signing in"),
}
DONE = {
    Purpose.WITHDRAW: _l("Your joining is withdrawn. The number goes down within a second or two."),
    Purpose.FILE: _l("Your petition is filed. Its text is now fixed, and its terms run."),
    Purpose.WITHDRAW_PETITION: _l("Your petition is withdrawn."),
}
WAITING = {
    RequestState.PENDING: _l("Waiting for your phone. This page goes on by itself once you have signed."),
    RequestState.SCANNED: _l("Opened on the phone. Check the text there and sign it."),
}
ENDED = {
    RequestState.DONE: _l("Signed."),
    RequestState.REFUSED: _l("You refused to sign in the app."),
    RequestState.CANCELLED: _l("You cancelled the signing."),
}
EXPIRED = _l("The 15 minutes are over.")
# What may refuse an act besides the signature itself: the word that is stored, and what it says afterwards.
_REFUSALS: dict[type[DomainError], tuple[str, object]] = {
    NotSignable: ("closed", NotSignable().message),
    NotEligible: ("not-eligible", _l("By what the state person registry says you may not join this petition.")),
    ChallengeNotValid: ("spent", ChallengeNotValid().message),
    WithdrawalClosed: ("withdrawal-closed", WithdrawalClosed().message),
    NotSigned: ("not-joined", NotSigned().message),
    StaleRevision: ("changed", _l("Your draft was changed meanwhile. Please check it again.")),
    AlreadyFiled: ("filed", AlreadyFiled().message),
    Incomplete: ("incomplete", Incomplete(()).message),
    NotNow: ("not-now", NotNow().message),
    RequestOver: ("over", RequestOver().message),
}
_MESSAGES: dict[str, object] = {
    **MESSAGES,
    **dict(_REFUSALS.values()),
    ALREADY: AlreadySigned().message,
    OTHER: _l("It could not be done."),
}


def reason_of(refusal: DomainError) -> str:
    """The word under which a refusal is stored."""
    if isinstance(refusal, SignatureRefused):
        return refusal.reason_code
    return _REFUSALS.get(type(refusal), (OTHER, None))[0]


def message_of(reason: str | None) -> str:
    """The sentence of a stored word."""
    return str(_MESSAGES.get(reason or OTHER, _MESSAGES[OTHER]))
