"""The simulated person registry: the state gateway's SOAP answers, and a switch that spoils them for everybody."""

from __future__ import annotations

import hmac
import time
from dataclasses import dataclass
from html import escape
from pathlib import Path
from uuid import uuid4

from babel.core import get_global
from flask import Response as FlaskResponse
from flask import redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from petitions import clock
from petitions.config import Config
from petitions.identity.person_registry import TIMEOUT_SECONDS, RegistryDown, RegistryUnknown
from petitions.identity.registry_envelope import (
    CHANNEL,
    DELIVERED,
    INTERFACES,
    LIVING,
    PROCESSED,
    SERVICE,
    SOAP,
    PersonFacts,
    read_answer,
    read_envelope,
)
from petitions.identity.simulators.pages import config, simulator_blueprint
from petitions.identity.simulators.people import Person, by_iin, person
from petitions.permissions import Permission, requires

bp = simulator_blueprint("registry", "/registry")

UP, DOWN = "up", "down"
BEHAVIOURS = {
    UP: _l("It is up and answers."),
    DOWN: _l("It is down: nobody gets an answer."),
    "slow": _l("It answers too late."),
    "garbled": _l("It answers with broken text."),
    "bomb": _l("It answers with text that swells up when read."),
    "another": _l("It answers about somebody else."),
}
NUMBERS = {
    letters[0]: number
    for number, letters in get_global("territory_aliases").items()
    if number.isdigit() and len(letters) == 1
}
STATELESS = "000"


@dataclass(frozen=True)
class SimulatedRegistry:
    """The registry's answers without the wire, in the same envelope; the endpoint below sends it."""

    instance_path: Path

    def lookup(self, iin: str) -> PersonFacts:
        known = by_iin(iin)
        if self.is_out() or (known is not None and known.registry == "down"):
            raise RegistryDown
        facts = read_answer(answer_about(known), iin)
        if facts is None:
            raise RegistryUnknown
        return facts

    def is_out(self) -> bool:
        return self.behaviour() != UP

    def set_out(self, out: bool) -> None:
        """Take the registry down, or up again, for every process of the instance."""
        self.set_behaviour(DOWN if out else UP)

    def behaviour(self) -> str:
        """One of BEHAVIOURS."""
        try:
            word = self._switch.read_text()
        except OSError:
            return UP
        return word if word in BEHAVIOURS else UP

    def set_behaviour(self, word: str) -> None:
        """Make the registry answer so, for every process of the instance."""
        self._switch.parent.mkdir(parents=True, exist_ok=True)
        self._switch.write_text(word)

    @property
    def _switch(self) -> Path:
        return self.instance_path / "simulators" / "registry-behaviour"


@bp.post("")
@requires(Permission.SIMULATE)
def answer() -> FlaskResponse:
    """The gateway's endpoint: one question in, one answer or fault out."""
    behaviour = SimulatedRegistry(config().instance_path).behaviour()
    if behaviour == "slow":
        time.sleep(2 * TIMEOUT_SECONDS)
    if behaviour == "garbled":
        return _xml(answer_about(None)[:-100])
    if behaviour == "bomb":
        return _xml(bomb())
    iin = _asked_iin(request.get_data(), config())
    known = by_iin(iin or "")
    if iin is None or behaviour == DOWN or (known is not None and known.registry == "down"):
        return _xml(fault("the sender is not known" if iin is None else "the service does not answer"), 500)
    return _xml(answer_about(person("minor") if behaviour == "another" else known))


@bp.get("/")
@requires(Permission.SIMULATE)
def switch() -> str:
    registry = SimulatedRegistry(config().instance_path)
    return render_template("simulators/registry.html", behaviours=BEHAVIOURS, now=registry.behaviour())


@bp.post("/behaviour")
@requires(Permission.SIMULATE)
def behave() -> Response:
    wanted = request.form.get("behaviour", "")
    if wanted in BEHAVIOURS:
        SimulatedRegistry(config().instance_path).set_behaviour(wanted)
    return redirect(url_for("simulators_registry.switch"))


def answer_about(one: Person | None) -> bytes:
    """The answer about a person; with nobody in it for one who is not known."""
    people = f"<persons>{_person(one)}</persons>" if one is not None and one.registry == "known" else "<persons/>"
    return _envelope(
        f'<ns2:SendMessageResponse xmlns:ns2="{CHANNEL}"><response><responseInfo>'
        f"<messageId>{uuid4()}</messageId><responseDate>{_moment()}</responseDate>"
        f"<status><code>{DELIVERED}</code><message>Message has been processed successfully</message></status>"
        f"<sessionId>{{{uuid4()}}}</sessionId></responseInfo>"
        f'<responseData><data xmlns:ns3="{INTERFACES}"><messageId>{uuid4()}</messageId>'
        f"<messageDate>{_moment()}</messageDate>"
        f"<messageResult><code>{PROCESSED}</code><nameRu>Сообщение успешно обработано</nameRu></messageResult>"
        f"{people}</data></responseData></response></ns2:SendMessageResponse>"
    )


def fault(reason: str) -> bytes:
    """A SOAP fault of the gateway."""
    return _envelope(
        f"<soap:Fault><faultcode>soap:Server</faultcode><faultstring>{escape(reason)}</faultstring><detail>"
        f'<ns2:SendMessageFault1_SendMessageFault xmlns:ns2="{CHANNEL}"><errorCode>SCSE001</errorCode>'
        f"<errorMessage>{escape(reason)}</errorMessage><errorDate>{_moment()}</errorDate>"
        "</ns2:SendMessageFault1_SendMessageFault></detail></soap:Fault>"
    )


def bomb() -> bytes:
    """An answer whose few entities would unfold into gigabytes."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 11))
    return f'<!DOCTYPE b [<!ENTITY e0 "swell">{entities}]><b>&e10;</b>'.encode()


def _person(one: Person) -> str:
    citizenship = NUMBERS.get(one.citizenship, STATELESS)
    address = (
        f"<country><code>{NUMBERS['KZ']}</code></country><district><code>{one.residence_kato[:4]}</code></district>"
        f"<region><code>{one.residence_kato}</code></region>"
    )
    return (
        f"<person><iin>{one.iin}</iin><surname>{one.surname.upper()}</surname>"
        f"<name>{one.given_name.upper()}</name><patronymic>{one.patronymic.upper()}</patronymic>"
        f"<birthDate>{one.birth_date}</birthDate><gender><code>{1 if one.male else 2}</code></gender>"
        f"<citizenship><code>{citizenship}</code></citizenship><lifeStatus><code>{LIVING}</code></lifeStatus>"
        f"<regAddress>{address}</regAddress></person>"
    )


def _asked_iin(body: bytes, settings: Config) -> str | None:
    """Whom a known sender asks about; None when the question or its sender is not what it should be."""
    try:
        asked = read_envelope(body).find(f"{{{SOAP}}}Body/{{{CHANNEL}}}SendMessage/request")
    except ValueError:
        return None
    if asked is None:
        return None
    sender = "requestInfo/sender/"
    allowed = asked.findtext("requestInfo/serviceId") == SERVICE and all(
        hmac.compare_digest((asked.findtext(sender + name) or "").encode(), value.encode())
        for name, value in (("senderId", settings.registry_sender), ("password", settings.registry_password))
    )
    return asked.findtext(f"requestData/{{{INTERFACES}}}data/iin") if allowed else None


def _envelope(body: str) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="{SOAP}"><soap:Header/>'
        f"<soap:Body>{body}</soap:Body></soap:Envelope>"
    ).encode()


def _moment() -> str:
    return clock.real_now().isoformat(timespec="milliseconds")


def _xml(body: bytes, status: int = 200) -> FlaskResponse:
    return FlaskResponse(body, status, content_type="text/xml; charset=utf-8")
