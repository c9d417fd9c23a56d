"""The roles a member of staff may hold. What each may do is the table of permissions.py."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l


class Role(StrEnum):
    MODERATOR = "moderator"
    SENIOR_MODERATOR = "senior_moderator"
    OFFICER = "officer"
    HEAD = "head"
    ADMINISTRATOR = "administrator"


ROLE_NAMES = {
    Role.MODERATOR: _l("Moderator"),
    Role.SENIOR_MODERATOR: _l("Senior moderator"),
    Role.OFFICER: _l("Officer of a body"),
    Role.HEAD: _l("Head of a body"),
    Role.ADMINISTRATOR: _l("Administrator"),
}

# A body's petitions are shown to these two only, and only when the petition is addressed to that body.
BODY_ROLES = frozenset({Role.OFFICER, Role.HEAD})

# In whose capacity a person with several roles acts, when the act itself does not say.
PRECEDENCE = (Role.HEAD, Role.OFFICER, Role.SENIOR_MODERATOR, Role.MODERATOR, Role.ADMINISTRATOR)


def actor_name(kind: str, role: str) -> str:
    """What the public may know of who acted; ``role`` as the step keeps it."""
    if kind == "system":
        return str(_("By itself, as the law says"))
    if kind == "citizen":
        return str(_("The author"))
    return str(ROLE_NAMES[Role(role)]) if role in set(Role) else str(_("Staff"))
