"""The folder of one installation: random secrets, the embedded database, files. Made once, never in production."""

from __future__ import annotations

import base64
import secrets
from pathlib import Path


def prepare(folder: Path) -> bool:
    """Create the folder and what is missing of its secrets; returns whether anything was made."""
    fresh = {"secret_key": secrets.token_urlsafe(48), "iin_key": _key(), "vault_keys": f"1:{_key()}", "log_key": _key()}
    missing = [name for name in fresh if not (folder / name).exists()]
    for name in missing:
        write_once(folder / name, fresh[name])
    return bool(missing)


def write_once(file: Path, text: str) -> None:
    """Never overwrite: two processes that start together must end with the same secret."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    fresh.touch(mode=0o600)
    fresh.write_text(f"{text}\n")
    try:
        file.hardlink_to(fresh)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
