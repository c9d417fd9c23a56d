"""Citizens who are about to sign: their rows, their sign-in sessions, their signatures and the requests that send them.

Everything a browser would bring is made beforehand and by the real rules: a certificate each, a CMS over the exact
text, a challenge, a session cookie. Only the people are many.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from petitions import db, vault
from petitions.bench.load import read_requests, write_request
from petitions.bench.site import AT
from petitions.db import reading, transaction
from petitions.identity import services
from petitions.identity.models import Citizen, RegistryStatus, SignInSession
from petitions.identity.queries import person_context
from petitions.identity.sessions import SESSION_KEY, token_digest
from petitions.identity.simulators.authority import open_authority
from petitions.identity.simulators.people import Person
from petitions.signing import challenge
from petitions.signing.challenge import Challenge
from petitions.signing.document import document_of

FIRST_CITIZEN = 10_000_000
"""Ids of the signers begin here; the same in every installation, so that one file of requests serves them all."""
LAST_CITIZEN = FIRST_CITIZEN + 9_999_999
BEGAN_AT = AT + timedelta(seconds=1)
RESIDENCE = "751110000"
BORN = date(1990, 5, 17)
AT_ONCE = 5_000
YOUNGEST = 60.0
"""Seconds by which a challenge is older than the moment it is planned to be sent at."""
PROCESSES = 2
FORM_SECRET = "one secret does for all of them"  # noqa: S105 - of a throw-away installation


class _Dated(TimestampSigner):
    """Signs as of a moment: what is sent for 15 minutes cannot all be made in the first of them."""

    moment: int = 0

    def get_timestamp(self) -> int:
        return self.moment


@dataclass(frozen=True)
class Signatures:
    """The signatures of the first ``count`` signers over one petition's text, in files, not in memory."""

    petition_id: int
    document_sha256: str
    count: int
    parts: tuple[Path, ...]

    def each(self) -> Iterator[bytes]:
        """The CMS containers, in the order of the signers."""
        for part in self.parts:
            yield from read_requests(part)


def bring(count: int) -> None:
    """Store that many signers, known to the registry and signed in. Those that are there stay."""
    with reading() as session:
        there = session.scalar(sa.select(sa.func.count()).where(Citizen.id >= FIRST_CITIZEN, Citizen.id < _end(count)))
    for first in range(there or 0, count, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, count))
        with transaction() as session:
            session.execute(sa.insert(Citizen), [_citizen(number) for number in numbers])
            session.execute(sa.insert(SignInSession), [_session(number) for number in numbers])


def seen_now(count: int) -> None:
    """Their pages were opened just now: no session needs to be marked as alive within a minute."""
    now = datetime.now(UTC)
    with transaction() as session:
        renewed = sa.update(SignInSession).values(last_seen_at=now, created_at=now, expires_at=now + timedelta(days=1))
        session.execute(renewed.where(SignInSession.citizen_id.between(FIRST_CITIZEN, _end(count))))


def forget_joinings(petition_id: int) -> None:
    """Take the petition's unsealed joinings away, so that the same signers can sign again."""
    with db.engine().execution_options(writes=True).begin() as connection:
        unsealed = "SELECT id FROM signature WHERE petition_id = :p AND leaf IS NULL"
        statement = f"DELETE FROM evidence WHERE petition_id = :p AND signature_id IN ({unsealed})"  # noqa: S608
        connection.execute(sa.text(statement), {"p": petition_id})
        connection.execute(sa.text("DELETE FROM signature WHERE petition_id = :p AND leaf IS NULL"), {"p": petition_id})


def signed(petition_id: int, count: int, authority_folder: Path, folder: Path) -> Signatures:
    """Let the first ``count`` signers sign a petition's text with RSA, on every core; minutes for many thousands."""
    document = document_of(petition_id, BEGAN_AT)
    each = -(-count // PROCESSES)
    jobs = [
        (authority_folder, document, range(first, min(first + each, count)), folder / f"cms-{petition_id}-{first}")
        for first in range(0, count, each)
    ]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        parts = tuple(pool.map(_sign_part, jobs))
    return Signatures(petition_id, challenge.sha256(document), count, parts)


def write_joinings(
    app: Flask, signatures: Signatures, file: Path, *, rate: float = 0.0, first: int = 0, stop: int | None = None
) -> Path:
    """Write the POST of each signature (from the ``first``-th to before ``stop``), ready to be sent from now on.

    A challenge lives for 15 minutes: with a ``rate`` (requests a second) each is dated by when it will be sent.
    """
    began = time.time()
    with file.open("wb") as out:
        for number, cms in islice(enumerate(signatures.each()), first, stop):
            due = began + (number - first) / rate if rate else began
            token = _token(signatures, number, max(began, due - YOUNGEST))
            said = {"challenge": token, "signature": base64.b64encode(cms).decode(), "csrf_token": _form_token(app)}
            address = f"/en/petitions/{signatures.petition_id}/joinings"
            write_request(out, _post(address, urlencode(said), _cookie(app, number)))
    return file


def get(path: str) -> bytes:
    """A page request as an anonymous browser sends it."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\nAccept: text/html,*/*;q=0.8\r\n"
        "Accept-Language: kk,ru;q=0.8,en;q=0.6\r\n\r\n"
    ).encode()


def write_gets(file: Path, *paths: str) -> Path:
    with file.open("wb") as out:
        for path in paths:
            write_request(out, get(path))
    return file


def session_token(number: int) -> str:
    """The secret in a signer's cookie. Nobody but a throw-away installation ever believes it."""
    return f"bench-session-{number:09d}"


def person(number: int) -> Person:
    """The signer as the simulated authority knows them."""
    return Person(
        key=f"signer-{number}",
        iin=_iin(number),
        surname="Сынақов",
        given_name="Үлгі",
        patronymic="Асанұлы",
        birth_date=BORN,
        male=True,
        residence_kato=RESIDENCE,
    )


def _sign_part(job: tuple[Path, bytes, range, Path]) -> Path:
    folder, document, numbers, file = job
    authority = open_authority(folder)
    with file.open("wb") as out:
        for number in numbers:
            write_request(out, authority.sign_detached(person(number), document, at=BEGAN_AT, algorithm="rsa"))
    return file


def _token(signatures: Signatures, number: int, made_at: float) -> str:
    """A challenge as the page before signing makes it, dated by real time."""
    made = Challenge(
        ref=str(signatures.petition_id),
        petition_id=signatures.petition_id,
        citizen_id=FIRST_CITIZEN + number,
        session=token_digest(session_token(number)),
        document_sha256=signatures.document_sha256,
        began_at=BEGAN_AT,
    )
    serializer = services.tokens("joining")
    signer = _Dated(serializer.secret_keys, salt=serializer.salt, **serializer.signer_kwargs)
    signer.moment = int(made_at)
    return signer.sign(made.token().rsplit(".", 2)[0]).decode()


@cache
def _form_token(app: Flask) -> str:
    """What Flask-WTF puts into a form; it belongs to the secret in the cookie."""
    return str(URLSafeTimedSerializer(app.secret_key or "", salt="wtf-csrf-token").dumps(FORM_SECRET))


def _cookie(app: Flask, number: int) -> str:
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    if serializer is None:
        raise RuntimeError("the application has no secret key")
    value = serializer.dumps({SESSION_KEY: session_token(number), "csrf_token": FORM_SECRET})
    return f"session={value if isinstance(value, str) else value.decode()}"


def _post(path: str, body: str, cookie: str) -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\nOrigin: http://127.0.0.1\r\n"
        f"Sec-Fetch-Site: same-origin\r\nCookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def _citizen(number: int) -> dict[str, Any]:
    iin = _iin(number)
    digest = vault.iin_digest(iin)
    names = {"iin": iin, "surname": "Сынақов", "given_name": "Үлгі", "patronymic": "Асанұлы"}
    plain = json.dumps(names | {"birth_date": BORN.isoformat()}, ensure_ascii=False).encode()
    return {
        "id": FIRST_CITIZEN + number,
        "iin_digest": digest,
        "sealed": vault.seal(plain, person_context(digest)),
        "given_name": "Үлгі",
        "surname_initial": "С",
        "registry_status": RegistryStatus.KNOWN,
        "registry_checked_at": AT,
        "citizenship": "KZ",
        "residence_kato": RESIDENCE,
        "language": "kk",
        "created_at": AT,
    }


def _session(number: int) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "token_digest": token_digest(session_token(number)),
        "citizen_id": FIRST_CITIZEN + number,
        "created_at": now,
        "last_seen_at": now,
        "expires_at": now + timedelta(days=1),
    }


def _iin(number: int) -> str:
    return f"9{number:011d}"


def _end(count: int) -> int:
    return FIRST_CITIZEN + count
