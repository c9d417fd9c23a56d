"""The form in which a receipt is sent to the site to be checked: a file or its text."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import TextAreaField

from petitions.browsing.receipt_check import LONGEST
from petitions.forms import Form
from petitions.i18n import format_number


class ReceiptForm(Form):
    """Nothing of it is kept. A file goes before a text, as the later choice of who has pasted something first."""

    file = FileField(_l("File of a receipt or of a promise"))
    text = TextAreaField(_l("Or its text"))

    def receipt(self) -> str | None:
        """What is to be checked; None, with a message beside its field, when there is nothing or far too much."""
        field = self.file if self.file.data else self.text
        given = self._of_file() if self.file.data else self.text.data or ""
        if not self.validate():
            return None
        if not given.strip():
            self.say(_l("There is nothing to check: choose a file or paste its text."), field.name)
        elif len(given) > LONGEST:
            most = format_number(LONGEST)
            self.say(
                _l("This is too long for a receipt. The longest have %(count)s characters.", count=most), field.name
            )
        else:
            return given
        return None

    def _of_file(self) -> str:
        """Its beginning is enough to see that it is too long; four bytes are the most that a character takes."""
        read: bytes = self.file.data.stream.read(4 * LONGEST + 4)
        return read.decode(errors="replace").replace("\x00", "")
