"""What a certificate says of its holder: what the key is for, in which role, and who it is.

Attributes are read by OID. The national authority puts the patronymic under givenName and the given name
only into the common name, after the surname.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from petitions.identity.eds.reasons import ReasonCode, SignatureRefused

PERSON = "1.2.398.3.3.4.1.1"
ORGANISATION = "1.2.398.3.3.4.1.2"
AUTHORITY_STAFF = "1.2.398.3.3.4.2"
Use = Literal["signing", "authentication"]
"""What a key is used for here: to sign a text, or to prove at sign-in who somebody is."""
ROLES = {
    PERSON: "person",
    ORGANISATION: "organisation",
    f"{ORGANISATION}.1": "head of an organisation",
    f"{ORGANISATION}.2": "signatory of an organisation",
    f"{ORGANISATION}.3": "finance officer of an organisation",
    f"{ORGANISATION}.4": "personnel officer of an organisation",
    f"{ORGANISATION}.5": "employee of an organisation",
}
UNDERSTOOD_CRITICAL = (x509.KeyUsage, x509.ExtendedKeyUsage, x509.BasicConstraints, x509.CertificatePolicies)
IIN_VALUE = re.compile(r"IIN([0-9]{12})")


@dataclass(frozen=True)
class Holder:
    iin: str = field(repr=False)
    surname: str = field(repr=False)
    given_name: str = field(repr=False)
    patronymic: str = field(repr=False)
    role: str = "person"


def read_holder(certificate: x509.Certificate, use: Use = "signing") -> Holder:
    """The person behind a certificate. Raises SignatureRefused when it is not a person's, or not for this use."""
    _check_usage(certificate.extensions, use)
    said = _by_type(certificate.subject)
    if _first(said, NameOID.ORGANIZATIONAL_UNIT_NAME).startswith("BIN"):
        raise SignatureRefused("organisation")
    numbers = said.get(NameOID.SERIAL_NUMBER, [])
    match = IIN_VALUE.fullmatch(numbers[0]) if len(numbers) == 1 else None
    if match is None:
        raise SignatureRefused("no-iin")
    surname = _first(said, NameOID.SURNAME)
    return Holder(
        iin=match.group(1),
        surname=surname,
        given_name=_given_name(_first(said, NameOID.COMMON_NAME), surname),
        patronymic=_first(said, NameOID.GIVEN_NAME),
    )


def role_of(certificate: x509.Certificate) -> str:
    """In which role the holder's certificate was issued, in English words; "unknown" where it does not say.

    The most special one counts: an organisation's head is marked as the organisation too.
    """
    try:
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return "unknown"
    said = sorted((purpose.dotted_string for purpose in purposes), key=len, reverse=True)
    if any(_is_under(role, AUTHORITY_STAFF) for role in said):
        return "staff of the authority"
    organisation = [role for role in said if _is_under(role, ORGANISATION)]
    known = [ROLES[role] for role in (organisation or said) if role in ROLES]
    return known[0] if known else "unknown"


def _check_usage(extensions: x509.Extensions, use: Use) -> None:
    """Whose it is comes first, then what for. The role is an extended key usage here."""
    wrong_use: ReasonCode = "not-for-signing" if use == "signing" else "not-for-sign-in"
    if any(one.critical and not isinstance(one.value, UNDERSTOOD_CRITICAL) for one in extensions):
        raise SignatureRefused(wrong_use)
    try:
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
        purposes = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound as error:
        raise SignatureRefused(wrong_use) from error
    roles = {purpose.dotted_string for purpose in purposes}
    if any(_is_under(role, ORGANISATION) for role in roles):
        raise SignatureRefused("organisation")
    if PERSON not in roles:
        raise SignatureRefused("not-a-person")
    if not usage.digital_signature or usage.key_cert_sign:
        raise SignatureRefused(wrong_use)
    signs = usage.content_commitment and ExtendedKeyUsageOID.EMAIL_PROTECTION in purposes
    signs_in = not usage.content_commitment and ExtendedKeyUsageOID.CLIENT_AUTH in purposes
    if not (signs if use == "signing" else signs_in):
        raise SignatureRefused(wrong_use)


def _is_under(role: str, above: str) -> bool:
    return role == above or role.startswith(f"{above}.")


def _given_name(common_name: str, surname: str) -> str:
    """ "SURNAME GIVEN" without the surname."""
    if surname and common_name.upper().startswith(f"{surname.upper()} "):
        return common_name[len(surname) :].strip()
    return common_name.partition(" ")[2].strip()


def _by_type(subject: x509.Name) -> dict[x509.ObjectIdentifier, list[str]]:
    """What the name says, in its order, by the type of the attribute."""
    said: dict[x509.ObjectIdentifier, list[str]] = {}
    for attribute in subject:
        said.setdefault(attribute.oid, []).append(str(attribute.value))
    return said


def _first(said: dict[x509.ObjectIdentifier, list[str]], oid: x509.ObjectIdentifier) -> str:
    return said[oid][0].strip() if oid in said else ""
