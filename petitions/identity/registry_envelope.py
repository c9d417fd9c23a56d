"""What is written to the person registry and read from it: SOAP 1.1 over the state's gateway, service of persons.

The form was taken from public clients of the gateway (its synchronous channel, version 10) and one recorded answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from html import escape
from types import MappingProxyType
from uuid import uuid4
from xml.etree.ElementTree import Element, ParseError

from babel.core import get_global
from defusedxml.ElementTree import fromstring

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
CHANNEL = "http://bip.bee.kz/SyncChannel/v10/Types"
INTERFACES = "http://bip.bee.kz/SyncChannel/v10/Interfaces"
MESSAGE = "http://message.persistence.interactive.nat"
SCHEMA = "http://www.w3.org/2001/XMLSchema-instance"
SERVICE = "GBDFL_UniversalServiceSync"
DELIVERED, PROCESSED = "SCSS001", "00000"
LIVING = "0"
NO_CITIZENSHIP = "XX"
KATO_DIGITS = 9
NO_TERRITORIES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class PersonFacts:
    """What the registry says of a person. ``citizenship`` is ISO 3166-1 alpha-2, "XX" for none."""

    citizenship: str
    birth_date: date = field(repr=False)
    residence_kato: str | None
    given_name: str = field(repr=False)
    surname: str = field(repr=False)
    patronymic: str = field(repr=False)


def write_question(iin: str, *, sender: str, password: str, at: datetime) -> bytes:
    """The envelope that asks for one person; ``at`` is real time. Its text is personal and secret."""
    message, moment = str(uuid4()), at.isoformat(timespec="milliseconds")
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="{SOAP}"><soap:Body><typ:SendMessage xmlns:typ="{CHANNEL}"><request>
<requestInfo><messageId>{message}</messageId><serviceId>{SERVICE}</serviceId><messageDate>{moment}</messageDate>\
<sender><senderId>{escape(sender)}</senderId><password>{escape(password)}</password></sender>\
<properties><key>CONNECTOR_CLIENT</key><value>true</value></properties></requestInfo>
<requestData><ns:data xmlns:ns="{INTERFACES}" xmlns:cs="{MESSAGE}" xmlns:xsi="{SCHEMA}" xsi:type="cs:Request">\
<messageId>{message}</messageId><messageDate>{moment}</messageDate><senderCode>{escape(sender)}</senderCode>\
<iin>{escape(iin)}</iin></ns:data></requestData>
</request></typ:SendMessage></soap:Body></soap:Envelope>""".encode()


def read_answer(body: bytes, iin: str, territories: Mapping[str, str] = NO_TERRITORIES) -> PersonFacts | None:
    """The living person of an answer; None when the registry answered and has nobody of this IIN.

    ``territories`` turns the registry's own codes of regions and districts into KATO codes.
    Raises ValueError for everything else: a fault, a refusal, somebody else, what is no such envelope, what holds
    a document type (thus entities).
    """
    answer = read_envelope(body).find(f"{{{SOAP}}}Body/{{{CHANNEL}}}SendMessageResponse/response")
    if answer is None or _text(answer, "responseInfo/status/code") != DELIVERED:
        raise ValueError("not delivered")
    data = _data(answer)
    if _text(data, "messageResult/code") != PROCESSED:
        # The service's codes are told under an agreement only: what is not success is not "nobody" either.
        raise ValueError("not processed")
    people = data.findall("persons/person")
    if len(people) > 1:
        raise ValueError("more than one person")
    if not people:
        return None
    if _text(people[0], "iin") != iin:
        raise ValueError("the answer is about somebody else")
    # Whoever has died has no rights to exercise here, though the registry remembers them.
    return _facts(people[0], territories) if _text(people[0], "lifeStatus/code") == LIVING else None


def read_envelope(body: bytes) -> Element:
    """The root of an XML document that declares no entities. Raises ValueError."""
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, LookupError, ValueError):
        # What was written may be personal, so it is not chained. LookupError: an encoding that does not exist.
        raise ValueError("no XML that could be taken") from None
    return root


def _data(answer: Element) -> Element:
    """The service's own answer; some of its versions put the element into a namespace."""
    for name in ("data", f"{{{INTERFACES}}}data"):
        found = answer.find(f"responseData/{name}")
        if found is not None:
            return found
    raise ValueError("no data")


def _facts(person: Element, territories: Mapping[str, str]) -> PersonFacts:
    return PersonFacts(
        citizenship=_country(_text(person, "citizenship/code")),
        birth_date=date.fromisoformat(_text(person, "birthDate")[:10]),
        residence_kato=_residence(person, territories),
        given_name=_text(person, "name", 120),
        surname=_text(person, "surname", 120),
        patronymic=_text(person, "patronymic", 120),
    )


def _country(number: str) -> str:
    """ISO 3166-1 letters of its number, by the Unicode repository; a number of no one state is no citizenship."""
    if len(number) != 3 or not (number.isascii() and number.isdigit()):
        raise ValueError("not a country's number")
    letters = get_global("territory_aliases").get(number, ())
    return str(letters[0]) if len(letters) == 1 and len(letters[0]) == 2 else NO_CITIZENSHIP


def _residence(person: Element, territories: Mapping[str, str]) -> str | None:
    """The KATO code of the registered address, the smaller unit first; an unknown code is no known residence."""
    for unit in ("region", "district"):
        told = _text(person, f"regAddress/{unit}/code")
        code = territories.get(told, told)
        if len(code) == KATO_DIGITS and code.isascii() and code.isdigit():
            return code
    return None


def _text(parent: Element, path: str, limit: int = 40) -> str:
    text = (parent.findtext(path) or "").strip()
    if len(text) > limit:
        raise ValueError("longer than agreed")
    return text
