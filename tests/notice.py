"""Say in one line what `make test` leaves out on this machine, and how to have it."""

from __future__ import annotations

import sys
from pathlib import Path

CHROMIUM = Path("/usr/bin/chromium")


def main() -> None:
    if not CHROMIUM.exists():
        sys.stdout.write("Browser journeys are left out: no /usr/bin/chromium. On Debian: sudo apt install chromium\n")


main()
