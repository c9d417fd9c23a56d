"""The public files of the logs, as C2SP tlog-tiles names them: plain, static, cacheable by anybody."""

from __future__ import annotations

import base64
import re
import struct
from pathlib import Path

import sqlalchemy as sa
from flask import Blueprint, Response
from sqlalchemy.orm import Session

from petitions.db import reading
from petitions.errors import NotFound
from petitions.law.states import State, is_public
from petitions.lifecycle.models import Petition
from petitions.lifecycle.visibility import MAX_ID
from petitions.log import entries, keys, queries, verifier
from petitions.log.tree import HASH_BYTES, WIDTH
from petitions.log.witness import every_log
from petitions.page_cache import cacheable
from petitions.permissions import Permission, requires

bp = Blueprint("log", __name__, url_prefix="/log")
blueprints = (bp,)

PLACE = re.compile(r"((?:x[0-9]{3}/){0,3}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")
FOR_EVER = "public, max-age=31536000, immutable"
SOON = "public, max-age=1"
LEVELS = 8  # 256**8 leaves are more than there are people


@bp.get("/<int:petition_id>/checkpoint")
@cacheable()
@requires(Permission.READ_PUBLIC)
def checkpoint(petition_id: int) -> Response:
    return _text(_head(petition_id).best_note)


@bp.get("/<int:petition_id>/territories")
@cacheable()
@requires(Permission.READ_PUBLIC)
def territories(petition_id: int) -> Response:
    return _text(_head(petition_id).territories)


@bp.get("/<int:petition_id>/tile/<int:level>/<path:place>")
@cacheable()
@requires(Permission.READ_PUBLIC)
def tile(petition_id: int, level: int, place: str) -> Response:
    n, width = _place(place)
    with reading() as session:
        _check_public(session, petition_id)
        if level >= LEVELS:
            raise NotFound
        hashes = queries.tile(session, petition_id, level, n)[: width * HASH_BYTES]
    return _bytes(hashes, complete=len(hashes) == width * HASH_BYTES)


@bp.get("/<int:petition_id>/tile/entries/<path:place>")
@cacheable()
@requires(Permission.READ_PUBLIC)
def entry_bundle(petition_id: int, place: str) -> Response:
    n, width = _place(place)
    with reading() as session:
        _check_public(session, petition_id)
        if n * WIDTH + width > queries.size_of(session, petition_id):
            raise NotFound
        leaves = entries.between(session, petition_id, n * WIDTH, n * WIDTH + width)
    bundle = b"".join(struct.pack(">H", len(leaf.entry)) + leaf.entry for leaf in leaves)
    return _bytes(bundle, complete=len(leaves) == width)


@bp.get("/key")
@cacheable()
@requires(Permission.READ_PUBLIC)
def key() -> Response:
    """The public key, the origins of the logs, and both as a witness is given them."""
    public = base64.b64encode(keys.public_key()).decode()
    prefix = keys.origin_of(0).removesuffix("/0")
    return _text(f"Ed25519 {public}\n{prefix}/<petition>\n{every_log(prefix, keys.public_key())}\n")


@bp.get("/verifier.py")
@cacheable()
@requires(Permission.READ_PUBLIC)
def verifier_file() -> Response:
    """The stand-alone verifier: the very file this house checks with."""
    return _text(Path(verifier.__file__).read_text())


def _head(petition_id: int) -> queries.Head:
    with reading() as session:
        _check_public(session, petition_id)
        head = queries.head(session, petition_id)
    if head is None:
        raise NotFound
    return head


def _check_public(session: Session, petition_id: int) -> None:
    """A log is public from the petition's publication on; the take-down of a text leaves its count provable."""
    state = session.scalar(sa.select(Petition.state).where(Petition.id == min(petition_id, MAX_ID)))
    if state is None or not (is_public(State(state)) or state == State.TAKEN_DOWN):
        raise NotFound


def _place(place: str) -> tuple[int, int]:
    """The number of a tile and how many of its hashes are asked for. Raises NotFound."""
    found = PLACE.fullmatch(place)
    if found is None or int(found[2] or 1) >= WIDTH:
        raise NotFound
    n = int(found[1].replace("x", "").replace("/", ""))
    if n > MAX_ID:
        raise NotFound
    return n, int(found[2] or WIDTH)


def _bytes(content: bytes, *, complete: bool) -> Response:
    if not complete:
        raise NotFound
    response = Response(content, mimetype="application/octet-stream")
    response.headers["Cache-Control"] = FOR_EVER
    return response


def _text(content: str) -> Response:
    response = Response(content, mimetype="text/plain")
    response.headers["Cache-Control"] = SOON
    return response
