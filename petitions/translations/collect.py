"""`make catalogues`: bring the kk and ru catalogues in line with what code and templates say.

New texts come in empty (and `make check` fails until they are translated), texts nobody says are dropped.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
METHODS = [("petitions/**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "_n": (1, 2),
    "pgettext": ((1, "c"), 2),
}
OPTIONS = {
    "templates/**.html": {"encoding": "utf-8", "silent": "false"},
    "templates/**.txt": {"silent": "false"},
}
HEADER = """\
# Halyq uni: {language} texts. Not yet reviewed by native editors.
#"""


def collected() -> Catalog:
    """Every text of code and templates."""
    catalogue = Catalog(charset="utf-8")
    for folder in ("petitions", "templates"):
        methods = [(pattern.split("/", 1)[1], how) for pattern, how in METHODS if pattern.startswith(folder)]
        options = {key.split("/", 1)[1]: value for key, value in OPTIONS.items() if key.startswith(folder)}
        found = extract_from_dir(ROOT / folder, methods, options, keywords=KEYWORDS, directory_filter=_is_ours)
        for name, _line, message, comments, context in found:
            catalogue.add(message, None, [(f"{folder}/{name}", 0)], auto_comments=comments, context=context)
    return catalogue


def main() -> None:
    template = collected()
    for language in ("kk", "ru"):
        file = ROOT / "petitions" / "translations" / language / "LC_MESSAGES" / "messages.po"
        old = Catalog(locale=language)
        if file.exists():
            with file.open("rb") as source:
                old = read_po(source, locale=language)
        old.update(template, no_fuzzy_matching=True)
        old.obsolete.clear()
        old.header_comment = HEADER.format(language=language)
        old.fuzzy = False
        with file.open("wb") as out:
            write_po(out, old, sort_output=True, include_lineno=False, omit_header=False, width=110)
        empty = sum(1 for message in old if message.id and not _said(message.string))
        sys.stdout.write(f"{language}: {len(old)} texts, {empty} to translate\n")


def _is_ours(folder: str | os.PathLike[str]) -> bool:
    """Babel passes over folders that begin with "_"; the macros of all pages live in one."""
    return not os.path.basename(folder).startswith((".", "__"))


def _said(string: object) -> bool:
    return bool(string) if isinstance(string, str) else all(string) if isinstance(string, (list, tuple)) else False


if __name__ == "__main__":
    main()
