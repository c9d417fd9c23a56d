"""Every page of the site and who sees it: read by the tests of accessibility and by `make screenshots`.

A page that is not listed fails `test_matrix.test_every_page_of_the_site_is_listed`. The simulators are left out: they
are no part of the site.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Error, Page

from tests.journeys import deeds
from tests.journeys.deeds import Deed
from tests.journeys.drafts import PLACE
from tests.journeys.installation import Installation
from tests.journeys.prepared import AUTHOR, JOINER, Prepared

GUEST = "guest"
CITIZENS = ("aigul", "olga", "daniyar", "minor", "down", JOINER, AUTHOR)

PUBLIC_STATES = (
    "open-almaty",
    "open-government",
    "open-maslikhat",
    "closing-soon",
    "minus-one",
    "stepped-back",
    "examination",
    "examination-demo-body",
    "overdue",
    "decided-full",
    "decided-partial",
    "decided-refused",
    "returned",
    "returned-ministry",
    "returned-maslikhat",
    "message-answered",
    "support-first-2024",
    "refused-subject",
    "refused-hidden",
    "refused-field",
    "taken-down",
    "lapsed",
)
LINK_ONLY_STATES = ("supporting", "forty-nine", "withdrawn")


@dataclass(frozen=True)
class SitePage:
    """``name``: of its picture; ``path``: after the language, or with {language} where it stands elsewhere; ``deed``:
    what brings the state that is meant, in words of no language.
    """

    name: str
    who: str
    path: str
    deed: Deed | None = None

    def address(self, language: str) -> str:
        if "{language}" in self.path:
            return self.path.format(language=language)
        return f"/{language}{self.path}"

    def open(self, page: Page, language: str, installation: Installation) -> None:
        """Raises: AssertionError or playwright's Error, where the state that is meant does not come."""
        answer = page.goto(self.address(language))
        assert answer is None or answer.status < 500, answer.status  # a page of an error would please every test
        if self.deed is not None:
            self.deed(page, installation)

    def does_not_open(self, page: Page, language: str, installation: Installation) -> str:
        """Open it; "" or why it did not come, for those who go on with the next page."""
        try:
            self.open(page, language, installation)
        except (AssertionError, Error) as error:
            return f"{self.name} ({language}) does not open: {str(error).strip()[:300]}"
        return ""


def site_pages(made: Prepared) -> list[SitePage]:
    """All of them, those of one person together: browsers are opened once each."""
    pages = (
        *_guest(made),
        *_petitions(made),
        *_badges(made),
        *_citizens(made),
        *_moderators(made),
        *_bodies(made),
        *_administrator(),
    )
    return sorted(pages, key=lambda one: one.who)


def _guest(made: Prepared) -> Iterator[SitePage]:
    plain = {
        "front": "/",
        "petitions": "/petitions",
        "petitions-found": "/petitions?q=дорога",
        "petitions-of-a-place": "/petitions?q=Семей",
        "petitions-place-to-choose": "/petitions?place=Қарауылтөбе",
        "petitions-none-found": "/petitions?q=xyzxyz",
        "archive": "/archive",
        "archived": "/archive/recycling-fee",
        "how-it-works": "/law",
        "rules": "/rules",
        "privacy": "/privacy",
        "sources": "/sources",
        "territories": "/territories",
        "territory-of-the-top": "/territories/750000000",
        "territory-oblast": "/territories/390000000",
        "territory-settlement": f"/territories/{PLACE}",
        "territory-inside-itself": "/territories/101010000",
        "bodies": "/bodies",
        "body-central": "/bodies/mod",
        "body-local": f"/bodies/akim-office-{PLACE}",
        "verify": "/verify",
        "verify-here": "/verify/here",
        "statistics": "/statistics",
        "accessibility": "/accessibility",
        "appearance": "/appearance",
        "design": "/design",
        "offline": "/offline",
        "start-as-guest": "/start",
        "sign-in": "/sign-in",
        "staff-sign-in": "/staff/sign-in",
        "not-found": "/no-such-page",
        "email-link": made.confirmation,
        "invitation": made.invitation,
    }
    for name, path in plain.items():
        yield SitePage(name, GUEST, path)
    yield SitePage("sign-in-certificate", GUEST, "/sign-in", deeds.pressing('form[action*="certificate"] button'))
    yield SitePage("staff-sign-in-mistakes", GUEST, "/staff/sign-in", deeds.with_mistakes)
    yield SitePage("invitation-mistakes", GUEST, made.invitation, deeds.mistakes_of(made.invitation))


def _petitions(made: Prepared) -> Iterator[SitePage]:
    for key in PUBLIC_STATES:
        yield SitePage(f"petition-{key}", GUEST, f"/petitions/{made.number(key)}")
    for key in LINK_ONLY_STATES:
        yield SitePage(f"petition-{key}", GUEST, f"/petitions/{made.ref(key)}")
    yield SitePage("petition-not-yet-public", GUEST, f"/petitions/{made.number('checking')}")
    for name, path in made.comments.items():
        yield SitePage(f"comment-{name}", GUEST, path)
    yield SitePage("comments", GUEST, f"/petitions/{made.number('open-almaty')}/comments")
    for part in ("history", "signers", "proof", "share"):
        yield SitePage(f"petition-{part}", GUEST, f"/petitions/{made.number('minus-one')}/{part}")


def _badges(made: Prepared) -> Iterator[SitePage]:
    """What stands in the frames of other sites, at addresses without a language."""
    for name, number, theme in (
        ("open", made.number("open-almaty"), ""),
        ("open-light", made.number("open-government"), "&theme=light"),
        ("open-dark", made.number("closing-soon"), "&theme=dark"),
        ("answered", made.number("decided-full"), ""),
        ("hidden", made.number("refused-hidden"), ""),
        ("none", made.number("checking"), ""),
    ):
        yield SitePage(f"badge-{name}", GUEST, f"/embed/{number}?lang={{language}}{theme}")


def _citizens(made: Prepared) -> Iterator[SitePage]:
    number = made.number
    joining, withdrawn = f"/my-joinings/{number('open-almaty')}", f"/my-joinings/{number('stepped-back')}"
    asked = f"/petitions/{number('closing-soon')}/joining"
    plain = {
        "start": (JOINER, "/start"),
        "start-not-allowed": ("minor", "/start"),
        "start-registry-down": ("down", "/start"),
        "my-petitions": ("aigul", "/my-petitions"),
        "my-petitions-drafts": (JOINER, "/my-petitions"),
        "my-petitions-none": ("minor", "/my-petitions"),
        "my-joinings": (JOINER, "/my-joinings"),
        "my-joinings-none": ("minor", "/my-joinings"),
        "receipt": (JOINER, joining),
        "receipt-withdrawn": (JOINER, withdrawn),
        "joining-withdrawal": (JOINER, f"{joining}/withdrawal"),
        "joining-withdrawal-none": (JOINER, f"{withdrawn}/withdrawal"),
        "join": (JOINER, asked),
        "join-already": (JOINER, f"/petitions/{number('open-almaty')}/joining"),
        "join-closed": (JOINER, f"/petitions/{number('examination')}/joining"),
        "join-not-allowed": ("minor", asked),
        "join-registry-down": ("down", asked),
        "inbox": ("aigul", "/inbox"),
        "inbox-none": ("minor", "/inbox"),
        "account": (JOINER, "/account"),
        "account-registry-down": ("down", "/account"),
        "draft": (JOINER, made.draft),
        "draft-complete": (AUTHOR, made.ready_draft),
        "draft-check": (AUTHOR, f"{made.ready_draft}/check"),
        "draft-check-incomplete": (JOINER, f"{made.draft}/check"),
        "draft-discard": (JOINER, f"{made.draft}/discard"),
        "petition-withdrawal": ("aigul", f"/petitions/{made.ref('supporting')}/withdrawal"),
        "author-steps-back": ("aigul", f"/petitions/{number('open-government')}/step-back"),
        "appeal": ("aigul", f"/petitions/{number('overdue')}/appeal"),
        "appeal-none": ("aigul", f"/petitions/{number('open-government')}/appeal"),
        "closed-door": ("minor", "/console"),
    }
    for name, (who, path) in plain.items():
        yield SitePage(name, who, path)
    own, others = made.comments["own"], made.comments["shown"]
    to_write = f"/petitions/{number('closing-soon')}/comments/new"
    for name, path in {
        "my-comments": "/my-comments",
        "comment-new": to_write,
        "comment-reply": f"{others}/reply",
        "comment-report": f"{others}/report",
        "comment-change": f"{own}/change",
        "comment-withdrawal": f"{own}/withdrawal",
    }.items():
        yield SitePage(name, JOINER, path)
    yield SitePage("comment-new-mistakes", JOINER, to_write, deeds.with_mistakes)
    yield SitePage("comment-personal-data", JOINER, to_write, deeds.telling_a_number)
    yield SitePage("comment-reply-mistakes", JOINER, f"{others}/reply", deeds.with_mistakes)
    yield SitePage("comment-report-mistakes", JOINER, f"{others}/report", deeds.with_mistakes)
    done = {
        "account-mistakes": (JOINER, "/account", deeds.mistakes_of("/account/email")),
        "draft-mistakes": (JOINER, made.draft, deeds.too_long_title),
        "draft-check-mistakes": (AUTHOR, f"{made.ready_draft}/check", deeds.with_mistakes),
        "filing-text": (AUTHOR, f"{made.ready_draft}/check", deeds.consenting),
        "filing-not-signed": (AUTHOR, f"{made.ready_draft}/check", deeds.false_signature),
        "author-steps-back-mistakes": (
            "aigul",
            f"/petitions/{number('open-government')}/step-back",
            deeds.too_many_words,
        ),
        "appeal-mistakes": ("aigul", f"/petitions/{number('overdue')}/appeal", deeds.emptied),
        "join-mistakes": (JOINER, asked, deeds.with_mistakes),
        "join-text": (JOINER, asked, deeds.consenting),
        "join-phone-waits": (JOINER, asked, deeds.waiting_for_phone),
        "join-phone-ended": (JOINER, asked, deeds.not_signing),
        "join-not-done": (JOINER, asked, deeds.false_signature),
        "joining-not-withdrawn": (JOINER, f"{joining}/withdrawal", deeds.withdrawing_falsely),
    }
    for name, (who, path, deed) in done.items():
        yield SitePage(name, who, path, deed)


def _moderators(made: Prepared) -> Iterator[SitePage]:
    check = f"/console/check/{made.number('checking')}"
    received, entered = made.sheets["received"], made.sheets["entered"]
    for name, path in {
        "console-moderator": "/console",
        "my-access": "/staff/access",
        "check-queue": "/console/check",
        "check": check,
        "check-overdue": f"/console/check/{made.number('checking-overdue')}",
        "check-done": f"/console/check/{made.number('refused-subject')}",
        "check-author": f"{check}/author",
        "check-refusal": f"{check}/refusal",
        "written-petition": "/console/written-petition",
        "sheets": "/console/paper-sheets",
        "sheet-new": "/console/paper-sheets/new",
        "sheet-received": received,
        "sheet-entered-by-oneself": entered,
        "sheet-lines": f"{received}/lines",
        "sheet-rejection": f"{received}/rejection",
    }.items():
        yield SitePage(name, "moderator", path)
    for name, path in {
        "sheet-entered": entered,
        "sheet-confirmation": f"{entered}/confirmation",
        "sheet-correction": f"{entered}/correction",
    }.items():
        yield SitePage(name, "senior", path)
    for name, path in made.acts.items():
        yield SitePage(f"check-act-{name}", "senior", path)
        if name not in ("refusal", "author", "sending"):
            yield SitePage(f"check-act-{name}-mistakes", "senior", path, deeds.with_mistakes)
    for name, path in {
        "check-mistakes": check,
        "check-refusal-mistakes": f"{check}/refusal",
        "written-petition-mistakes": "/console/written-petition",
        "sheet-new-mistakes": "/console/paper-sheets/new",
        "sheet-lines-mistakes": f"{received}/lines",
        "sheet-rejection-mistakes": f"{received}/rejection",
    }.items():
        yield SitePage(name, "moderator", path, deeds.with_mistakes)
    for name in ("confirmation", "correction"):
        yield SitePage(f"sheet-{name}-mistakes", "senior", f"{entered}/{name}", deeds.with_mistakes)
    looked_at = (
        made.comments.get("waiting", made.comments["shown"]).replace("/comments/", "/").replace("/petitions/", "")
    )
    yield SitePage("comments-queue", "moderator", "/console/comments")
    yield SitePage("comment-look", "moderator", f"/console/comments/{looked_at}")
    yield SitePage("check-refusal-preview", "moderator", f"{check}/refusal", deeds.previewing_refusal)


def _bodies(made: Prepared) -> Iterator[SitePage]:
    desk = f"/console/consideration/{made.number('examination-demo-body')}"
    yield SitePage("console-officer", "akimat-officer", "/console")
    yield SitePage("consideration-queue", "akimat-officer", "/console/consideration")
    yield SitePage("consideration-finished", "akimat-officer", "/console/consideration?list=finished")
    for key in (
        "examination-demo-body",
        "overdue",
        "decided-full",
        "decided-partial",
        "returned",
        "support-first-2024",
    ):
        yield SitePage(f"consideration-{key}", "akimat-officer", f"/console/consideration/{made.number(key)}")
    for name, path in made.steps.items():
        yield SitePage(f"consideration-step-{name}", "akimat-officer", path)
        if name != "publication":  # it asks nothing: to send it would publish the decision
            yield SitePage(f"consideration-step-{name}-mistakes", "akimat-officer", path, deeds.emptied)
    for path in made.answers:
        yield SitePage("comment-answer", "akimat-officer", path)
        yield SitePage("comment-answer-mistakes", "akimat-officer", path, deeds.with_mistakes)
    yield SitePage("comments-to-answer", "akimat-officer", "/console/comments-to-answer")
    yield SitePage("comments-summary", "akimat-officer", f"{desk}/comments")
    yield SitePage("decision-draft", "akimat-head", f"{desk}/decision")
    yield SitePage("decision-draft-new", "akimat-head", f"/console/consideration/{made.number('overdue')}/decision")
    yield SitePage("decide", "akimat-head", f"{desk}/decide")
    yield SitePage("decide-mistakes", "akimat-head", f"{desk}/decide", deeds.with_mistakes)
    yield SitePage("proof-of-presence", "acting-head", "/staff/access/password", deeds.proof_is_asked)
    yield SitePage("proof-of-presence-mistakes", "acting-head", "/staff/access/password", deeds.wrong_proof)


def _administrator() -> Iterator[SitePage]:
    who = "administrator"
    for name, path in {
        "console-administrator": "/console",
        "settings": "/console/settings",
        "setting": "/console/settings/duplicate_rule_2026",
        "calendar": "/console/calendar?year=2026",
        "calendar-day": "/console/calendar/day",
        "calendar-removal": "/console/calendar/removal?day=2026-01-01",
        "calendar-recomputing": "/console/calendar/recomputing",
        "console-territories": "/console/territories?q=Баянауыл",
        "console-territory": f"/console/territories/{PLACE}",
        "console-territory-new": "/console/territories/390000000/new-unit",
        "console-bodies": "/console/bodies",
        "console-body": "/console/bodies/mod",
        "staff": "/console/staff",
        "staff-member": "/console/staff/1",
        "staff-invitation": "/console/staff/invitation",
        "audit": "/console/audit",
    }.items():
        yield SitePage(name, who, path)
    for name, path, form in (
        ("setting", "/console/settings/duplicate_rule_2026", "/settings/"),
        ("calendar-day", "/console/calendar/day", "/calendar/"),
        ("calendar-removal", "/console/calendar/removal?day=2026-01-01", "/calendar/"),
        ("console-territory", f"/console/territories/{PLACE}", "/population"),
        ("console-territory-new", "/console/territories/390000000/new-unit", "/territories/"),
    ):
        yield SitePage(f"{name}-mistakes", who, path, deeds.mistakes_of(form))
    yield SitePage("console-clock-mistakes", who, "/console", deeds.pressing('button[value="days"]'))
    yield SitePage("staff-invitation-mistakes", who, "/console/staff/invitation", deeds.with_mistakes)
    yield SitePage("calendar-preview", who, "/console/calendar/day", deeds.previewing_calendar)
    yield SitePage("password-and-app", who, "/staff/access/password", deeds.proven)
    yield SitePage("recovery-codes", who, "/staff/access", deeds.new_recovery_codes)
