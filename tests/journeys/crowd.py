"""Many people at once: they walk the same pages without a browser, so that a story need not wait for each of them."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

import html5lib
import requests

AT_ONCE = 4


def join_all(address: str, ref: str, keys: Iterable[str]) -> None:
    """Each signs in and joins, as the pages lead them."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for landed in pool.map(lambda key: join(address, ref, key), keys):
            assert "/my-joinings/" in landed, landed


def join(address: str, ref: str, key: str) -> str:
    """Returns the address of the page where it ended."""
    session = requests.Session()
    page = session.get(f"{address}/en/sign-in/egov", params={"next": f"/en/petitions/{ref}/joining"})
    page = send(session, page, "", person=key)
    page = send(session, page, "/joining", consent="y")
    page = follow(session, page, "/simulators/phone")
    page = send(session, page, "/simulators/phone", person=key, act="sign")
    return follow(session, page, "/signing-requests/").url


def follow(session: requests.Session, page: requests.Response, part: str) -> requests.Response:
    """Follow the page's first link whose address holds this."""
    page.raise_for_status()
    for link in html5lib.parse(page.text, namespaceHTMLElements=False).iter("a"):
        if part in link.get("href", ""):
            return session.get(urljoin(page.url, link.get("href", "")), timeout=30)
    raise AssertionError(f"no link {part!r} on {page.url}")


def send(session: requests.Session, page: requests.Response, action_ends: str, **filled: str) -> requests.Response:
    """Send the form of the page whose address ends so, with what it holds and what is filled in."""
    page.raise_for_status()
    for form in html5lib.parse(page.text, namespaceHTMLElements=False).iter("form"):
        action = form.get("action", "")
        if action.endswith(action_ends) and form.get("data-sign-out") is None:
            return session.post(urljoin(page.url, action), data=_held(form) | filled, timeout=30)
    raise AssertionError(f"no form {action_ends!r} on {page.url}")


def _held(form: Element) -> dict[str, str]:
    hidden = (one for one in form.iter("input") if one.get("type") == "hidden")
    return {one.get("name", ""): one.get("value", "") for one in hidden}
