"""What the app eGov Mobile asks: who wants which text signed (API No 1), the text, and the signature (API No 2).

The app knows nothing of our pages: no cookie, no form's token, no language in the address. It brings the token that
the first call gave it, and shows the ``message`` of a 403 to its owner in the language it asks for.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, current_app, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from petitions import clock
from petitions.config import Config
from petitions.errors import DomainError, NotFound, TooMany, Unavailable
from petitions.identity import attempts, signing_requests
from petitions.identity.eds import SignatureRefused, decode_cms
from petitions.identity.models import AttemptKind
from petitions.identity.signing_requests import Asked
from petitions.permissions import Permission, requires
from petitions.phone_signing import actions
from petitions.phone_signing.words import SUBJECTS

Json = dict[str, Any]
Answer = Json | tuple[Json, int]

CANCELED = "CANCELED"
LONGEST_BODY = 512 * 1024
NAMES = {"nameKz": "kk", "nameRu": "ru", "nameEn": "en"}

bp = Blueprint("egov_mobile", __name__, url_prefix="/egov-mobile")


@bp.record_once
def _start(state: Any) -> None:
    state.app.extensions["csrf"].exempt(bp)


@bp.get("/<string(length=32):request_id>")
@requires(Permission.SIGN_IN)
def first(request_id: str) -> Answer:
    """API No 1. Every call hands out a new token; the one before it is worth nothing from then on."""
    now = clock.real_now()
    _limit(request_id, now)
    token = signing_requests.fetch_token(request_id, now)
    asked, config = signing_requests.find(request_id), _config()
    return {
        "description": _("%(act)s. Check the text before you sign it.", act=str(SUBJECTS[asked.purpose])),
        "expiry_date": _milliseconds(asked.expires_at),
        "organisation": {**dict.fromkeys(NAMES, config.site_name), "bin": config.organisation_bin},
        "document": {
            "uri": config.base_url + url_for("egov_mobile.document", request_id=request_id),
            "auth_type": "Token",
            "auth_token": token,
        },
    }


@bp.get("/<string(length=32):request_id>/document")
@requires(Permission.SIGN_IN)
def document(request_id: str) -> Answer:
    """API No 2: the exact bytes that the browser shows."""
    asked = _asked(request_id)
    if not asked.is_open(clock.real_now()):
        raise signing_requests.RequestOver
    return {
        "signMethod": "CMS_SIGN_ONLY",
        "version": 1,
        "documentsToSign": [
            {
                "id": 1,
                **_in_all_languages(SUBJECTS[asked.purpose]),
                "meta": [{"name": "SHA-256", "value": hashlib.sha256(asked.document).hexdigest()}],
                "document": {"file": {"mime": "text/plain", "data": base64.b64encode(asked.document).decode()}},
            }
        ],
    }


@bp.put("/<string(length=32):request_id>/document")
@requires(Permission.SIGN_IN)
def receive(request_id: str) -> Answer:
    """API No 2: the same document, its data replaced by the signature; or that the owner refused."""
    request.max_content_length = LONGEST_BODY
    asked, sent = _asked(request_id), _sent()
    if isinstance(sent, dict) and sent.get("status") == CANCELED:
        actions.refuse(asked)
    else:
        actions.receive(asked, decode_cms(_signature(sent)), at=clock.now(), now=clock.real_now())
    return {"code": "200", "message": "success"}


@bp.errorhandler(DomainError)
def _refused(error: DomainError) -> Answer:
    """403 is what the app shows to its owner; what may be tried again keeps its own status."""
    status = error.status if isinstance(error, NotFound | TooMany | Unavailable) else 403
    return {"code": str(status), "message": str(error.message)}, status


@bp.errorhandler(BadRequest)
def _not_understood(error: BadRequest) -> Answer:
    return {"code": "400", "message": _("The request cannot be understood.")}, 400


def _limit(request_id: str, now: datetime) -> None:
    """So many calls for one request; so many of one network for requests that there are not. Raises TooMany."""
    try:
        signing_requests.find(request_id)
        address = request_id
    except NotFound:
        address = request.remote_addr or ""
    attempts.begin(AttemptKind.SIGNING_REQUEST, account=request_id, address=address, now=now)


def _asked(request_id: str) -> Asked:
    """The request, for whoever brings its token. Raises NotFound, NotYours."""
    asked = signing_requests.find(request_id)
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    asked.check_token(token if scheme.lower() == "bearer" else "")
    return asked


def _sent() -> Any:
    """What the body says. Raises BadRequest, and nothing else, however deep it is nested."""
    try:
        return request.get_json(force=True)
    except RecursionError:
        raise BadRequest from None


def _signature(sent: Any) -> str:
    """The one signature in the document that was sent back. Raises SignatureRefused when there is none."""
    try:
        (signed,) = sent["documentsToSign"]
        data = signed["document"]["file"]["data"]
    except (KeyError, TypeError, ValueError):
        data = None
    if not isinstance(data, str):
        raise SignatureRefused("malformed")
    return data


def _in_all_languages(text: object) -> dict[str, str]:
    names = {}
    for name, language in NAMES.items():
        with force_locale(language):
            names[name] = str(text)
    return names


def _milliseconds(moment: datetime) -> str:
    """As the app reads a date: with milliseconds and a zone."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def _config() -> Config:
    found: Config = current_app.extensions["config"]
    return found
