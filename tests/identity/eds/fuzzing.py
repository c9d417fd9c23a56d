"""What atheris runs in a process of its own: the verifier may refuse whatever it is given, and do nothing else.

``python -m tests.identity.eds.fuzzing ROOTS LIST TEXT MOMENT [options of libFuzzer] [folder of examples]``
"""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["petitions.identity.eds"]):
    from petitions.identity.eds import SignatureRefused, TrustStore, decode_cms, verify_detached


def main(roots: str, listed: str, text: str, moment: str, *options: str) -> None:
    trust, shown, at = TrustStore(Path(roots), Path(listed)), text.encode(), datetime.fromisoformat(moment)
    logging.disable(logging.CRITICAL)  # a line for each unreadable one

    def judge(given: bytes) -> None:
        with suppress(SignatureRefused):
            verify_detached(given, shown, trust=trust, at=at)
        with suppress(SignatureRefused):
            decode_cms(given.decode("latin-1"))

    atheris.Setup([sys.argv[0], *options], judge)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
