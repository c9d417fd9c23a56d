"""What an author declares and agrees to when filing. A changed sentence asks for a new `filing.CONSENT_VERSION`."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

SENTENCES = (
    _l("I am the author of this petition or act for its author, and what I say about myself is true."),
    _l("The text, the files, my given name and the first letter of my surname become public with the petition."),
    _l(
        "My full name, IIN, place of residence and e-mail are kept encrypted, "
        "and are shown only to those who check and examine the petition."
    ),
    _l("I agree to the collection and processing of these data for this petition."),
)
