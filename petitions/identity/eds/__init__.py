"""Electronic digital signatures: a detached CMS over the exact bytes a citizen was shown."""

from petitions.identity.eds.container import decode_cms
from petitions.identity.eds.holder import Use
from petitions.identity.eds.ncanode import judge_named
from petitions.identity.eds.reasons import SignatureRefused
from petitions.identity.eds.trust import TrustStore
from petitions.identity.eds.verifier import VerifiedSignature, signer_chain, valid_until, verify_detached

__all__ = [
    "SignatureRefused",
    "TrustStore",
    "Use",
    "VerifiedSignature",
    "decode_cms",
    "judge_named",
    "signer_chain",
    "valid_until",
    "verify_detached",
]
