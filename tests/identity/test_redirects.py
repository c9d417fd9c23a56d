from __future__ import annotations

import pytest

from petitions.identity.redirects import own_path


@pytest.mark.parametrize("path", ["/", "/kk/petitions/7", "/ru/petitions?state=open&page=2", "/kk/a#b", "/kk/ә"])
def test_our_own_pages_may_be_gone_to(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "kk/petitions",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/kk\r\nLocation: https://evil.example",
        "/\t/evil.example",
        " /kk",
        "/" + "a" * 3000,
    ],
)
def test_nothing_leads_elsewhere(address: str | None) -> None:
    assert own_path(address) is None
