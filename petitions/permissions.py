"""Who may do what: the whole table on one page. What is not listed is refused.

A route carries exactly one permission (`@requires`). A permission says what kind of person may knock; whether this
very petition is theirs (the author's own draft, the officer's own body) is asked by the action that opens the door.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from petitions.identity.roles import Role

View = TypeVar("View", bound=Callable[..., object])


class Permission(StrEnum):
    READ_PUBLIC = "read-public"
    SIMULATE = "simulate"
    SIGN_IN = "sign-in"
    OWN_ACCOUNT = "own-account"
    WRITE_PETITION = "write-petition"
    JOIN = "join"
    COMMENT = "comment"
    READ_CONSOLE = "read-console"
    CHECK = "check"
    PLACE_PAPER_PETITION = "place-paper-petition"
    ENTER_SHEETS = "enter-sheets"
    RESTORE = "restore"
    TAKE_DOWN = "take-down"
    MODERATE_COMMENTS = "moderate-comments"
    CONSIDER = "consider"
    DECIDE = "decide"
    EDIT_REFERENCE = "edit-reference"
    EDIT_SETTINGS = "edit-settings"
    MANAGE_STAFF = "manage-staff"
    READ_AUDIT = "read-audit"
    STEP_CLOCK = "step-clock"


EVERYONE = frozenset({Permission.READ_PUBLIC, Permission.SIGN_IN, Permission.SIMULATE})
CITIZEN = EVERYONE | {Permission.OWN_ACCOUNT, Permission.WRITE_PETITION, Permission.JOIN, Permission.COMMENT}
STAFF = EVERYONE | {Permission.READ_CONSOLE, Permission.STEP_CLOCK}

BY_ROLE: dict[Role, frozenset[Permission]] = {
    Role.MODERATOR: STAFF
    | {
        Permission.CHECK,
        Permission.PLACE_PAPER_PETITION,
        Permission.ENTER_SHEETS,
        Permission.MODERATE_COMMENTS,
    },
    Role.SENIOR_MODERATOR: STAFF
    | {
        Permission.CHECK,
        Permission.PLACE_PAPER_PETITION,
        Permission.ENTER_SHEETS,
        Permission.RESTORE,
        Permission.TAKE_DOWN,
        Permission.MODERATE_COMMENTS,
        Permission.READ_AUDIT,
    },
    Role.OFFICER: STAFF | {Permission.CONSIDER},
    Role.HEAD: STAFF | {Permission.CONSIDER, Permission.DECIDE},
    Role.ADMINISTRATOR: STAFF
    | {
        Permission.EDIT_REFERENCE,
        Permission.EDIT_SETTINGS,
        Permission.MANAGE_STAFF,
        Permission.READ_AUDIT,
    },
}


def permissions_of(kind: str, roles: frozenset[Role]) -> frozenset[Permission]:
    """Everything a guest, a citizen or a member of staff with these roles may ask for."""
    if kind == "citizen":
        return CITIZEN
    if kind == "staff":
        return frozenset().union(*(BY_ROLE[role] for role in roles))
    return EVERYONE


def requires(permission: Permission) -> Callable[[View], View]:
    """Mark a view with the one permission it needs; `guard` in web.py reads the mark."""

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark
