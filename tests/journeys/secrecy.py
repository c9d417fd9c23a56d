"""What no log may hold and no address may carry, asked of everything that happens in all stories."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from playwright.sync_api import Cookie

from petitions.identity.iin import is_valid_iin
from petitions.identity.simulators.people import everybody

NAMED = re.compile("|".join(sorted({one.surname for one in everybody()})))
NUMBERS = frozenset(one.iin for one in everybody())
TWELVE_DIGITS = re.compile(r"(?<![0-9A-Za-z])[0-9]{12}(?![0-9A-Za-z])")
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[a-z]+")
DER = re.compile(
    r"-----BEGIN|(?<![A-Za-z0-9+/_.-])MI[A-Za-z0-9+/_-]{60}"
)  # how certificates and signatures look as text
GREETED = "Ctrl-C"
"""The page that greets who starts a demonstration ends with it; that page tells staff's addresses and links."""

SHORTEST = 20  # characters of a token: none of ours is shorter
TOKEN = re.compile(rf"(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9_.-]{{{SHORTEST},}}")
WORDS = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")  # how pages, settings and bodies are named
BY_DESIGN = re.compile(
    r"/simulators/"  # other people's services
    r"|/static/"
    r"|/([a-z]{2}/)?petitions/[^/]+"  # a petition that is known by its link only
    r"|/[a-z]{2}/account/email/confirmation/[^/]+$"  # from a letter
    r"|/[a-z]{2}/staff/invitation/[^/]+"  # handed over by an administrator, works once
    r"|/[a-z]{2}/(signing-requests|sign-in/certificate)/[^/]+"  # a text to sign, answered to the browser it is for
    r"|/egov-mobile/[^/]+"  # the same for the national application; a quarter of an hour
    r"|/[a-z]{2}/(signing-requests|sign-in/certificate)/[^/]+"  # opens to the browser that began, and to no other
)
HANDED_BACK = frozenset({"code", "state", "iss"})  # by the single sign-on's protocol, each good for once


@dataclass
class Secrets:
    """What browsers were given while the stories were told: none of it may stand in a log."""

    values: set[str] = field(default_factory=set, repr=False)

    def keep_cookies(self, cookies: Iterable[Cookie]) -> None:
        for value in (cookie["value"] for cookie in cookies):
            self.values |= {each for each in (value, *said_in_cookie(value)) if len(each) >= SHORTEST}

    def keep_address(self, url: str) -> None:
        """Tokens that an address carries by design: what may be asked for may still not be written down."""
        parts = urlsplit(url)
        if not parts.path.startswith("/static/"):
            self.values |= {*tokens_in_path(parts.path), *(each for _, each in tokens_in_query(parts.query))}

    def keep_letters(self, letters: Iterable[str]) -> None:
        for words in letters:
            for url in re.findall(r"https?://\S+", words):
                self.keep_address(url)


def told_by_log(log: str, secrets: Iterable[str] = ()) -> list[str]:
    """What a server's log tells of anybody: the line's number and what it tells, not the secret itself."""
    greeting, known = log.partition(GREETED)[0].count("\n") if GREETED in log else -1, tuple(secrets)
    found = []
    for number, line in enumerate(log.splitlines()):
        told = [*said_of_somebody(line)]
        if number > greeting:
            told += ["an address for mail"] * bool(MAIL.search(line))
            told += ["a token or cookie"] * any(value in line for value in known)
        found += [f"line {number + 1}: {each}" for each in told]
    return found


def told_by_address(url: str) -> list[str]:
    """What an address that a browser asks for tells and should not: it ends in histories and in others' logs."""
    parts = urlsplit(url)
    said = unquote(parts.path) + " " + " ".join(value for _, value in parse_qsl(parts.query))
    found = [*said_of_somebody(said)]
    found += ["an address for mail"] * bool(MAIL.search(said))
    if not BY_DESIGN.match(parts.path):
        found += ["a token in the path"] * any(tokens_in_path(parts.path))
        found += [f"a token as {name}" for name, _ in tokens_in_query(parts.query) if name not in HANDED_BACK]
    return found


def said_of_somebody(text: str) -> Iterator[str]:
    if NAMED.search(text):
        yield "a surname"
    if any(number in text for number in NUMBERS) or any(map(is_valid_iin, TWELVE_DIGITS.findall(text))):
        yield "a personal number"
    if DER.search(text):
        yield "a certificate or signature"


def said_in_cookie(value: str) -> Iterator[str]:
    """The texts in Flask's signed cookie, which anybody who holds it can read."""
    packed, _, _signature = value.removeprefix(".").partition(".")
    try:
        plain = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        held = json.loads(zlib.decompress(plain) if value.startswith(".") else plain)
    except (ValueError, zlib.error):
        return
    yield from (each for each in held.values() if isinstance(each, str)) if isinstance(held, dict) else ()


def tokens_in_path(path: str) -> Iterator[str]:
    """Pieces that look like chance and not like words."""
    for piece in unquote(path).split("/"):
        if TOKEN.fullmatch(piece) and not WORDS.fullmatch(piece):
            yield piece


def tokens_in_query(query: str) -> Iterator[tuple[str, str]]:
    """The same of the query, with the argument's name. A path in it (where somebody wants to go) is read as one."""
    for name, value in parse_qsl(query):
        if not (value.startswith("/") and BY_DESIGN.match(value)):
            for piece in tokens_in_path(value):
                yield name, piece
