"""Kazakh and Russian say everything that English says."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po

from petitions.i18n import CATALOGUES
from petitions.translations.collect import collected

PLACEHOLDER = re.compile(r"%\(([a-z_0-9]+)\)[sd]|%%")


def catalogue(language: str):
    with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_no_text_is_left_untranslated(language: str) -> None:
    have = {message.id: message for message in catalogue(language) if message.id}
    missing = [str(wanted.id) for wanted in collected() if wanted.id and not _said(have.get(wanted.id))]
    assert not missing, (
        f"{len(missing)} texts are missing in {language}; `make catalogues` collects them: {missing[:8]}"
    )


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_a_translation_keeps_its_placeholders(language: str) -> None:
    for message in catalogue(language):
        if not message.id:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        texts = [message.string] if isinstance(message.string, str) else list(message.string)
        allowed = set().union(*(set(PLACEHOLDER.findall(one)) for one in ids))
        for text in texts:
            assert set(PLACEHOLDER.findall(text)) <= allowed, f"{language}: {text!r} has a placeholder of its own"
            if isinstance(message.id, str):
                assert set(PLACEHOLDER.findall(text)) == allowed, f"{language}: {text!r} lost a placeholder"


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_nothing_is_fuzzy_or_left_over(language: str) -> None:
    wanted = {message.id for message in collected()}
    left = [message.id for message in catalogue(language) if message.id and message.id not in wanted]
    assert not left, f"`make catalogues` drops what nobody says any more: {left[:5]}"
    assert not [message.id for message in catalogue(language) if message.id and message.fuzzy]


def _said(message) -> bool:
    if message is None:
        return False
    return all(message.string) if not isinstance(message.string, str) else bool(message.string.strip())
