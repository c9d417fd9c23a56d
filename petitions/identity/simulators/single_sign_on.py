"""The simulated state single sign-on: OAuth 2, code flow, shaped like the real one."""

from __future__ import annotations

from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from petitions.identity.simulators.authorization import (
    Json,
    Spent,
    access_token,
    answer_question,
    person_of_token,
    question_page,
    spend_code,
)
from petitions.identity.simulators.pages import simulator_blueprint
from petitions.permissions import Permission, requires

bp = simulator_blueprint("single_sign_on", "/idp")

KIND = "egov"


@bp.get("/oauth/authorize")
@requires(Permission.SIMULATE)
def authorize() -> str | tuple[str, int]:
    return question_page()


@bp.post("/oauth/authorize")
@requires(Permission.SIMULATE)
def authorize_post() -> Response | tuple[str, int]:
    return answer_question(KIND)


@bp.post("/oauth/token")
@requires(Permission.SIMULATE)
def token() -> Json:
    spent = spend_code(KIND)
    return (access_token(KIND, spent.person), 200) if isinstance(spent, Spent) else spent


@bp.get("/resource/user/basic")
@requires(Permission.SIMULATE)
def user_basic() -> Json | FlaskResponse:
    person = person_of_token(KIND)
    if person is None:
        return {"error": "invalid_token"}, 401
    names = {"iin": person.iin, "surname": person.surname, "name": person.given_name}
    return {"type": "person", "person": {**names, "patronymic": person.patronymic}, "organization": None}, 200
