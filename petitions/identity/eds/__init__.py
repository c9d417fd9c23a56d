"""Electronic digital signatures: a detached CMS over the exact bytes a citizen was shown."""

from petitions.identity.eds.container import decode_cms
from petitions.identity.eds.reasons import SignatureRefused
from petitions.identity.eds.trust import TrustStore
from petitions.identity.eds.verifier import VerifiedSignature, verify_detached

__all__ = ["SignatureRefused", "TrustStore", "VerifiedSignature", "decode_cms", "verify_detached"]
