"""Templates compile, say nothing untranslated, and keep to the content policy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, nodes

from petitions.config import ROOT

PAGES = sorted(
    p.relative_to(ROOT / "templates").as_posix()
    for p in (ROOT / "templates").rglob("*.*")
    if p.suffix in (".html", ".txt")
)
BARE_TEXT = re.compile(r">[^<>{}]*[A-Za-zА-Яа-яӘәҒғҚқҢңӨөҰұҮүҺһІі]{3,}[^<>{}]*<")
ALLOWED = re.compile(r"text\.json|Halyq|Халық|eGov|SIMULATOR|PDF|JPEG|PNG|JSON|SHA-256|KATO|iso")


def environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        autoescape=True,
    )


@pytest.mark.parametrize("page", PAGES)
def test_a_template_compiles(page: str) -> None:
    source = (ROOT / "templates" / page).read_text()
    environment().parse(source, filename=page)


@pytest.mark.parametrize("page", [p for p in PAGES if p.endswith(".html")])
def test_a_template_has_no_text_that_cannot_be_translated(page: str) -> None:
    source = (ROOT / "templates" / page).read_text()
    source = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<style.*?</style>|<!--.*?-->", "", source, flags=re.S)
    bare = [found for found in BARE_TEXT.findall(source) if not ALLOWED.search(found)]
    assert not bare, f"{page}: put this text through _(): {bare[:3]}"


@pytest.mark.parametrize("page", PAGES)
def test_nothing_imported_keeps_the_words_of_the_first_reader(page: str) -> None:
    """A module imported without context is made once: a text at its top would stay in whatever language came first."""
    tree = environment().parse((ROOT / "templates" / page).read_text())
    for imported in tree.find_all((nodes.FromImport, nodes.Import)):
        if not imported.with_context:
            assert isinstance(imported.template, nodes.Const)
            module = environment().parse((ROOT / "templates" / imported.template.value).read_text())
            fixed = [one for one in module.body if isinstance(one, nodes.Assign) and one.find(nodes.Call)]
            assert not fixed, f"{page} imports {imported.template.value} without context"


@pytest.mark.parametrize("page", [p for p in PAGES if p.endswith(".html") and not p.startswith("emails/")])
def test_a_template_keeps_to_the_content_policy(page: str) -> None:
    source = Path(ROOT / "templates" / page).read_text()
    assert not re.search(r"\sstyle=|\son[a-z]+=\"|<style|javascript:", source), f"{page}: no inline style or script"
    assert not re.search(r"(?:src|href)=\"https?://(?!m\.egov)", source), f"{page}: nothing comes from another site"
