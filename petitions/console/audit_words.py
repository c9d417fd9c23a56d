"""Names of the acts in the trail: a legal step is called as on the timeline, the rest by what was done."""

from __future__ import annotations

from petitions.i18n import _l, pick
from petitions.law.states import EVENT_LABELS, Event

_STEPS = {
    "accept": Event.ACCEPTED,
    "refuse": Event.REFUSED,
    "redirect": Event.REDIRECTED,
    "query-body": Event.BODY_QUERIED,
    "record-reply": Event.BODY_REPLIED,
    "inform-media": Event.MEDIA_INFORMED,
    "record-complaint-outcome": Event.APPEAL_DECIDED,
    "restore": Event.RESTORED,
    "take-down": Event.TAKEN_DOWN,
} | {str(event).replace("_", "-"): event for event in Event}
_ACTS = {
    "add-passkey": _l("Passkey added"),
    "add-territory": _l("Territory added"),
    "appoint-acting-head": _l("Acting head appointed"),
    "comment-answered": _l("Comment answered"),
    "comment-hidden": _l("Comment hidden"),
    "comment-left": _l("Comment left as it is"),
    "comment-restored": _l("Comment shown again"),
    "create-staff": _l("Account of staff made"),
    "disable-staff": _l("Account of staff closed"),
    "draft-decision": _l("Draft of the decision saved"),
    "enable-staff": _l("Account of staff opened again"),
    "end-own-session": _l("Own session ended"),
    "invite-staff-again": _l("Invited again"),
    "load-reference": _l("Reference tables loaded"),
    "look-at-author": _l("Particulars of the author looked at"),
    "open-document": _l("Document for staff opened"),
    "order-sending": _l("Sending ordered"),
    "place-written-petition": _l("Written application placed"),
    "recompute-clocks": _l("Terms computed anew"),
    "remove-calendar-day": _l("Day of the calendar removed"),
    "remove-passkey": _l("Passkey removed"),
    "rename-territory": _l("Territory renamed"),
    "renew-recovery-codes": _l("Recovery codes renewed"),
    "repair-counters": _l("Counters repaired"),
    "reset-policy": _l("Setting put back to its default"),
    "rotate-vault": _l("Vault sealed anew"),
    "seed-demo": _l("Demonstration seeded"),
    "set-body": _l("Body changed"),
    "set-calendar-day": _l("Day of the calendar set"),
    "set-password": _l("Password set"),
    "set-policy": _l("Setting changed"),
    "set-population": _l("Population entered"),
    "set-roles": _l("Roles changed"),
    "confirm-sheet": _l("Sheet of paper confirmed"),
    "enter-sheet": _l("Sheet of paper entered"),
    "look-at-sheet": _l("Sheet of paper looked at"),
    "open-sheet-scan": _l("Scan of a sheet opened"),
    "register-sheet": _l("Sheet of paper registered"),
    "reject-sheet": _l("Sheet of paper rejected"),
    "send-sheet-back": _l("Sheet of paper sent back"),
    "find-signature-of-act-revoked": _l("Revoked certificate found under an act"),
    "find-withdrawn-joining-revoked": _l("Revoked certificate found under a withdrawn joining"),
    "invalidate-joining": _l("Joining counted out"),
    "prove-presence": _l("Presence proven"),
    "prove-presence-failed": _l("Presence not proven"),
    "prove-presence-limited": _l("Too many attempts to prove presence"),
    "sign-in": _l("Signed in"),
    "sign-in-failed": _l("Sign-in failed"),
    "sign-in-limited": _l("Too many attempts to sign in"),
    "step-law-clock": _l("Clock of the demonstration moved"),
}


def act_name(act: str) -> str:
    """What was done, in the language of the page; the code itself where this release has no words for it."""
    if act in _STEPS:
        return pick(EVENT_LABELS[_STEPS[act]], "name")
    return str(_ACTS.get(act, act))
