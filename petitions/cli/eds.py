"""`flask eds`: look at an electronic signature, and let another engine verify the stored ones once more."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from flask import current_app
from flask.cli import with_appcontext

from petitions.config import EDS_ENGINES, Config

if TYPE_CHECKING:
    from petitions.identity.eds import TrustStore
    from petitions.identity.eds.report import Report

READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)
REFUSED, UNUSABLE = 1, 2


class Moment(click.ParamType[datetime]):
    """An ISO date-time; without a zone it is Kazakhstan time."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        from petitions import clock

        if isinstance(value, datetime):
            return value
        try:
            return clock.parse_moment(value)
        except ValueError:
            self.fail(f"{value!r} is not a time; write it as 2026-03-02T09:00 or 2026-03-02T09:00+05:00", param, ctx)


@click.group("eds")
def eds_group() -> None:
    """Electronic digital signatures: verify one, compare engines."""


@eds_group.command("verify")
@click.option("--signature", type=READABLE, required=True, help="The detached CMS: DER, PEM or base64.")
@click.option("--data", type=READABLE, required=True, help="The exact bytes that were signed.")
@click.option("--root", "roots", type=READABLE, multiple=True, help="A certificate to believe, PEM or DER; repeatable.")
@click.option("--at", type=Moment(), help="As of this time; now by default.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@with_appcontext
def verify(signature: Path, data: Path, roots: tuple[Path, ...], at: datetime | None, as_json: bool) -> None:
    """Say whether a signature is good and whose it is. Exit code 0: accepted, 1: refused, 2: could not be asked.

    Without --root the configured authorities are believed. The configured lists of revoked certificates count always.
    """
    from petitions.identity.eds.report import report

    try:
        found = report(_signature(signature), data.read_bytes(), trust=_trust(roots), at=at or _now())
    except ValueError as error:
        click.echo(f"A root certificate cannot be read: {error}", err=True)
        raise SystemExit(UNUSABLE) from error
    said = _said(found)
    click.echo(json.dumps(said, ensure_ascii=False, indent=2) if as_json else _text(said))
    if found.reason is not None:
        raise SystemExit(REFUSED)


@eds_group.command("compare")
@click.option("--with", "engine", type=click.Choice(EDS_ENGINES), required=True, help="The engine that verifies again.")
@click.option("--limit", type=click.IntRange(min=1), help="So many joinings and other acts, of the newest petitions.")
@with_appcontext
def compare(engine: str, limit: int | None) -> None:
    """Verify the stored signatures once more, as of when they were made, and report what this engine refuses.

    Exit code 1: it refuses some that were accepted; 2: it does not answer.
    """
    from petitions import clock
    from petitions.db import reading
    from petitions.signatures.comparing import compare as compared

    agreed = differing = unjudged = 0
    with reading() as session:
        for one in compared(session, _trust((), engine), limit, now=clock.real_now()):
            if one.reason == "engine-down":
                click.echo(f"The engine {engine} does not answer.", err=True)
                raise SystemExit(UNUSABLE)
            if one.reason is not None:
                differing += 1
                click.echo(f"petition {one.petition_id}, {one.act} {one.id}: {one.reason}")
            unjudged += one.no_verdict
            agreed += one.reason is None and not one.no_verdict
    click.echo(f"{engine}: {agreed} agree, {differing} differ, {unjudged} not judged because the certificate ran out.")
    if differing:
        raise SystemExit(REFUSED)


def _trust(roots: tuple[Path, ...], engine: str | None = None) -> TrustStore:
    from petitions.identity.eds import TrustStore, judge_named

    config: Config = current_app.extensions["config"]
    judge = judge_named(engine or config.eds_engine, config.ncanode_url)
    return TrustStore(roots or config.eds_roots_path, config.eds_crl_path, judge)


def _now() -> datetime:
    """The law's time, as the server sees it; where there is no database yet, the real one."""
    from sqlalchemy.exc import SQLAlchemyError

    from petitions import clock

    try:
        return clock.now()
    except SQLAlchemyError:
        return clock.real_now()


def _signature(path: Path) -> bytes:
    """The container, out of its armour. What is neither DER nor base64 goes on as it is, to be refused."""
    from petitions.identity.eds import SignatureRefused, decode_cms

    content = path.read_bytes()
    try:
        return decode_cms(content.decode("ascii"))
    except (SignatureRefused, ValueError):
        return content


def _said(found: Report) -> dict[str, Any]:
    from flask_babel import force_locale

    with force_locale("en"):
        message = str(found.message) or None
    return {
        "verdict": "accepted" if found.reason is None else "refused",
        "reason": found.reason,
        "message": message,
        "engine": found.engine,
        "at": found.at.isoformat(),
        "algorithm": found.algorithm,
        "role": found.role,
        "subject": found.subject,
        "certificate": {
            "number": found.serial,
            "sha256": found.certificate_sha256,
            "from": _iso(found.not_before),
            "to": _iso(found.not_after),
        },
        "signed_at": _iso(found.signed_at),
        "chain": list(found.chain),
        "revocation": found.revocation,
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _text(said: dict[str, Any]) -> str:
    """The same a line each; what is not known is left out."""
    lines = [f"{name}: {said[name]}" for name in ("verdict", "reason", "message", "engine", "at") if said[name]]
    lines += [
        f"{name.replace('_', ' ')}: {said[name]}"
        for name in ("algorithm", "role", "subject", "signed_at")
        if said[name]
    ]
    certificate = said["certificate"]
    if certificate["number"]:
        lines.append(f"certificate: {certificate['number']}, from {certificate['from']} to {certificate['to']}")
    lines += [f"issued by: {name}" for name in said["chain"]]
    lines.append(f"revocation: {said['revocation'] or 'not known'}")
    return "\n".join(lines)
