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
    subject = certificate.subject
    if _first(subject, NameOID.ORGANIZATIONAL_UNIT_NAME).startswith("BIN"):
        raise SignatureRefused("organisation")
    numbers = [str(attribute.value) for attribute in subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)]
    match = IIN_VALUE.fullmatch(numbers[0]) if len(numbers) == 1 else None
    if match is None:
        raise SignatureRefused("no-iin")
    surname = _first(subject, NameOID.SURNAME)
    return Holder(
        iin=match.group(1),
        surname=surname,
        given_name=_given_name(_first(subject, NameOID.COMMON_NAME), surname),
        patronymic=_first(subject, NameOID.GIVEN_NAME),
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


def _first(subject: x509.Name, oid: x509.ObjectIdentifier) -> str:
    found = subject.get_attributes_for_oid(oid)
    return str(found[0].value).strip() if found else ""
