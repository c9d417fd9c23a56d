"""A CMS SignedData taken apart, bounded in every direction.

Only what a petition signature needs is understood: one signer, signed attributes, nothing inside.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from contextlib import suppress

from petitions.identity.eds.container_ber import der_of_attributes, read_ber
from petitions.identity.eds.container_der import read_der
from petitions.identity.eds.parts import MAX_ATTRIBUTE_BYTES, MAX_BYTES, MAX_CERTIFICATE_BYTES, Container
from petitions.identity.eds.reasons import SignatureRefused


def decode_cms(text: str) -> bytes:
    """The bytes of a base64 CMS, with or without PEM armour and line breaks. Raises SignatureRefused."""
    if len(text) > 2 * MAX_BYTES:
        raise SignatureRefused("too-large")
    lines = [line.strip() for line in text.strip().splitlines() if not line.startswith("-----")]
    try:
        decoded = base64.b64decode("".join(lines), validate=True)
    except (binascii.Error, ValueError) as error:
        raise SignatureRefused("malformed") from error
    if not decoded:
        raise SignatureRefused("malformed")
    return decoded


def read_container(encoded: bytes) -> Container:
    """Take a CMS apart. Raises SignatureRefused for what it says, any other exception for broken encoding.

    The strict reader takes the form that nearly everybody sends and gives no verdict on anything else; the
    reader of all forms then decides. Whatever the first one takes, the second would read the same.
    """
    if len(encoded) > MAX_BYTES:
        raise SignatureRefused("too-large")
    container = _read(encoded)
    certificates = (container.certificate_der, *container.other_certificates)
    if len(container.attributes_sent) > MAX_ATTRIBUTE_BYTES or max(map(len, certificates)) > MAX_CERTIFICATE_BYTES:
        raise SignatureRefused("too-large")
    return container


def _read(encoded: bytes) -> Container:
    with suppress(ValueError):
        return read_der(encoded)
    return read_ber(encoded)


def signed_forms(container: Container) -> Iterator[bytes]:
    """What the signature may cover: the attributes as a SET, as they were sent, then in DER.

    RFC 5652, 5.4 says DER, which is what nearly everybody sends.
    """
    yield container.attributes_sent
    der = der_of_attributes(container.attributes_sent)
    if der != container.attributes_sent:
        yield der
