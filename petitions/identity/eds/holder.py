"""What a certificate says of its holder: what the key is for, in which role, and who it is.

Attributes are read by OID. The national authority puts the patronymic under givenName and the given name
only into the common name, after the surname.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from petitions.identity.eds.reasons import SignatureRefused

PERSON = "1.2.398.3.3.4.1.1"
ORGANISATION = "1.2.398.3.3.4.1.2"
UNDERSTOOD_CRITICAL = (x509.KeyUsage, x509.ExtendedKeyUsage, x509.BasicConstraints, x509.CertificatePolicies)
IIN_VALUE = re.compile(r"IIN([0-9]{12})")


@dataclass(frozen=True)
class Holder:
    iin: str = field(repr=False)
    surname: str = field(repr=False)
    given_name: str = field(repr=False)
    patronymic: str = field(repr=False)


def read_holder(certificate: x509.Certificate) -> Holder:
    """The person behind a signing certificate.

    Raises SignatureRefused when it is not a person's for signing.
    """
    _check_usage(certificate.extensions)
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


def _check_usage(extensions: x509.Extensions) -> None:
    """Signing, not signing in; a person, not an organisation. The role is an extended key usage here."""
    if any(one.critical and not isinstance(one.value, UNDERSTOOD_CRITICAL) for one in extensions):
        raise SignatureRefused("not-for-signing")
    try:
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
        purposes = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound as error:
        raise SignatureRefused("not-for-signing") from error
    roles = {purpose.dotted_string for purpose in purposes}
    if any(role == ORGANISATION or role.startswith(f"{ORGANISATION}.") for role in roles):
        raise SignatureRefused("organisation")
    if PERSON not in roles:
        raise SignatureRefused("not-a-person")
    if not (usage.digital_signature and usage.content_commitment) or usage.key_cert_sign:
        raise SignatureRefused("not-for-signing")
    if ExtendedKeyUsageOID.EMAIL_PROTECTION not in purposes:
        raise SignatureRefused("not-for-signing")


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
