"""What NCALayer is told about the signer, so that it offers only their own keys."""

from __future__ import annotations

from flask import Response, jsonify

from petitions.db import reading
from petitions.identity.queries import sealed_person
from petitions.permissions import Permission, requires
from petitions.signing.room import bp, citizen_id


@bp.post("/ncalayer-parameters")
@requires(Permission.JOIN)
def ncalayer_parameters() -> Response:
    """The citizen's own number. Asked for at the moment of signing, so that it stands in no page and no address."""
    with reading() as session:
        return jsonify(iin=sealed_person(session, citizen_id()).iin)
