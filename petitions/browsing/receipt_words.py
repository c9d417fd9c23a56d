"""What each step of the check of a receipt looks at, and what the facts it finds are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

_SIGNATURE_OF_LOG = _l("The signature")
_LOG = _l("The log")
_FORM = _l("The form")

STEPS = {
    "receipt": {
        "form": (_FORM, _l("The text is a receipt in the form C2SP tlog-proof.")),
        "entry": (
            _l("The entry"),
            _l("The receipt holds the entry itself: what it is, of which petition, at which minute."),
        ),
        "path": (
            _l("The path"),
            _l(
                "From the entry, at its place, the path of the receipt leads to the root of the checkpoint: the entry "
                "is in the tree, unchanged."
            ),
        ),
        "count": (
            _l("The number"),
            _l("Joinings and withdrawals of the checkpoint add up to the entries of the tree."),
        ),
        "origin": (_LOG, _l("The checkpoint belongs to the log of this very petition on this site.")),
        "signature": (
            _SIGNATURE_OF_LOG,
            _l("The checkpoint is signed with the key of the log (Ed25519), which this page carries."),
        ),
        "witnesses": (
            _l("The witnesses"),
            _l("Every signature of a witness that this page knows is right. A receipt may have none."),
        ),
    },
    "promise": {
        "form": (_FORM, _l("The text is a signed promise.")),
        "origin": (_LOG, _l("The promise belongs to the log of a petition on this site.")),
        "signature": (
            _SIGNATURE_OF_LOG,
            _l("The promise is signed with the key of the log (Ed25519), which this page carries."),
        ),
    },
    "now": {
        "checkpoint": (
            _l("The newest checkpoint"),
            _l("The site shows a checkpoint of this petition, and it is signed with the same key."),
        ),
        "growth": (
            _l("Only added to"),
            _l("The log of now begins with the whole log of then: nothing was changed or removed."),
        ),
        "place": (_l("The same place"), _l("The entry is still at its place in the tree of now.")),
    },
}
"""By kind and step: its title, and what is looked at."""

FACTS = {
    "petition": _l("Petition"),
    "index": _l("Place in the log, counted from 0"),
    "minute": _l("Minute in the entry"),
    "size": _l("Entries in the log then"),
    "joinings": _l("Joinings then"),
    "removals": _l("Of them taken back then"),
    "witnesses": _l("Witnesses who signed"),
    "evidence": _l("SHA-256 of the signature"),
    "root": _l("Root of the tree"),
}
