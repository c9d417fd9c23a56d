"""The simulated NCALayer: a true WebSocket server that answers as the national program's versions do.

It has no window: what its user would do there, and which version it plays, is chosen on `/simulators/ncalayer`.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import logging
import os
import signal
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from websockets.asyncio.server import ServerConnection, serve

from petitions import clock
from petitions.config import Config
from petitions.identity.simulators.authority import Kind, open_authority
from petitions.identity.simulators.people import SPECIAL, Person, by_iin, person

Behaviour = Literal[
    "sign",
    "other-person",
    "expired",
    "revoked",
    "organisation",
    "string",
    "object",
    "armour",
    "talkative",
    "without-greeting",
    "old",
    "cancel",
    "old-cancel",
    "error",
    "unclear",
    "unknown-module",
    "silent",
    "closed",
]
"""What the program's user does, and in which version's words it is answered."""

BASICS, COMMON = "kz.gov.pki.knca.basics", "kz.gov.pki.knca.commonUtils"
GREETING = {"result": {"version": "1.4"}}
HEARTBEAT = "--heartbeat--"
CLIENT_AUTH = "1.3.6.1.5.5.7.3.2"
OF_OLD: tuple[Behaviour, ...] = ("old", "old-cancel", "unknown-module")
CERTIFICATES: dict[str, Kind] = {"expired": "expired", "revoked": "revoked", "organisation": "organisation"}
NO_MODULE = {"success": False, "errorCode": "MODULE_NOT_FOUND"}
CANCELLED: dict[Behaviour, dict[str, Any]] = {
    "cancel": {"status": True, "body": {}},
    "old-cancel": {"code": "500", "message": "action.canceled"},
}
FAILED: dict[str, Any] = {"status": False, "code": "SIGNING_FAILURE", "message": "signing failed", "details": ""}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Chosen:
    """How the program behaves for everybody on this computer. Without a person it is the one the site asks for."""

    behaviour: Behaviour = "sign"
    person: str = ""


@dataclass(frozen=True)
class Wanted:
    """What a site asks to be signed, whichever module it asks."""

    document: bytes
    iin: str
    for_sign_in: bool


def chosen(instance_path: Path) -> Chosen:
    try:
        kept = json.loads(_file(instance_path).read_text())
    except OSError:
        return Chosen()
    return Chosen(kept["behaviour"], kept["person"])


def choose(instance_path: Path, choice: Chosen) -> None:
    """For the next request on. Raises ValueError for a behaviour or a person that nobody knows."""
    if choice.behaviour not in get_args(Behaviour) or (choice.person and _known(choice.person) is None):
        raise ValueError("no such behaviour or person")
    file = _file(instance_path)
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps(asdict(choice)))
    fresh.rename(file)


def port_of(config: Config) -> int | None:
    """Where the simulator listens; None when the settings name the true program, or another computer."""
    address = urlsplit(config.ncalayer_url)
    if not config.simulators or address.scheme != "ws" or address.hostname not in ("127.0.0.1", "localhost"):
        return None
    return address.port


def run(instance_path: Path, port: int) -> None:
    """Listen on this computer alone until told to stop. Raises OSError when the port is taken."""
    asyncio.run(_run(instance_path, port))


async def _run(instance_path: Path, port: int) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)

    async def converse(connection: ServerConnection) -> None:
        await _converse(connection, instance_path)

    async with serve(converse, "127.0.0.1", port):
        log.info("the simulated NCALayer listens on port %s", port)
        await stopping.wait()


async def _converse(connection: ServerConnection, instance_path: Path) -> None:
    if chosen(instance_path).behaviour != "without-greeting":
        await connection.send(json.dumps(GREETING))
    async for message in connection:
        behaviour = chosen(instance_path).behaviour
        if message == HEARTBEAT:
            await connection.send(json.dumps(GREETING))
        elif behaviour == "closed":
            return
        elif behaviour == "unclear":
            await connection.send("<html>")
        elif behaviour != "silent":
            if behaviour == "talkative":
                for aside in (HEARTBEAT, "{}", json.dumps(GREETING)):
                    await connection.send(aside)
            await connection.send(json.dumps(answer(instance_path, message)))


def answer(instance_path: Path, message: str | bytes) -> dict[str, Any]:
    """What the program says to one request."""
    choice = chosen(instance_path)
    try:
        asked = json.loads(message)
        known = asked["module"] == COMMON or (asked["module"] == BASICS and choice.behaviour not in OF_OLD)
        if not known or choice.behaviour == "unknown-module":
            return NO_MODULE
        if choice.behaviour in CANCELLED:
            return CANCELLED[choice.behaviour]
        wanted = _wanted_of_old(asked) if asked["module"] == COMMON else _wanted(asked)
    except (ValueError, KeyError, TypeError, IndexError):
        return {**FAILED, "code": "INVOCATION_ERROR"}
    signer = _signer(choice, wanted.iin)
    if choice.behaviour == "error" or signer is None:
        return FAILED
    kind: Kind = "authentication" if wanted.for_sign_in else "personal"
    kind = CERTIFICATES.get(choice.behaviour, kind)
    signed = open_authority(instance_path).sign_detached(signer, wanted.document, at=clock.now(), kind=kind)
    return _shaped(choice.behaviour, base64.b64encode(signed).decode())


def _shaped(behaviour: Behaviour, cms: str) -> dict[str, Any]:
    if behaviour == "old":
        return {"code": "200", "responseObject": cms}
    result: object = [cms]
    if behaviour == "string":
        result = cms
    elif behaviour == "object":
        result = {"signatures": [cms], "certificate": ""}
    elif behaviour == "armour":
        lines = (cms[begin : begin + 64] for begin in range(0, len(cms), 64))
        result = ["\n".join(("-----BEGIN CMS-----", *lines, "-----END CMS-----", ""))]
    return {"status": True, "body": {"result": result}}


def _wanted(asked: dict[str, Any]) -> Wanted:
    """Of the module of today. Raises for a request that it would not understand."""
    arguments = asked["args"]
    signing, signer = arguments["signingParams"], arguments["signerParams"]
    as_we_ask = arguments["format"] == "cms" and signing["decode"] is True and signing["encapsulate"] is False
    if asked["method"] != "sign" or not as_we_ask:
        raise ValueError("only a detached CMS over base64 is made here")
    return Wanted(_decoded(arguments["data"]), signer["iin"], CLIENT_AUTH in signer["extKeyUsageOids"])


def _wanted_of_old(asked: dict[str, Any]) -> Wanted:
    """Of the module of old, which cannot be told whose key is wanted."""
    _storage, key_type, data, encapsulate = asked["args"]
    if asked["method"] != "createCAdESFromBase64" or encapsulate is not False:
        raise ValueError("only a detached CMS over base64 is made here")
    return Wanted(_decoded(data), "", key_type == "AUTHENTICATION")


def _decoded(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error


def _signer(choice: Chosen, iin: str) -> Person | None:
    """Whose key lies on this computer: the chosen person's, else that of whom the site asks for."""
    if choice.behaviour == "other-person":
        return next(one for one in SPECIAL[1:] if one.iin != iin and one.key != choice.person)
    if choice.person:
        return _known(choice.person)
    return by_iin(iin) if iin else SPECIAL[0]


def _known(key: str) -> Person | None:
    try:
        return person(key)
    except KeyError:
        return None


def _file(instance_path: Path) -> Path:
    return instance_path / "simulators" / "ncalayer.json"
