"""The folder of one installation: random secrets, the embedded database, files. Made once, never in production."""

from __future__ import annotations

import base64
import fcntl
import os
import secrets
from pathlib import Path

NEWEST_POSSIBLE = 255
"""The version of a vault key is one byte of what it seals."""


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


def add_vault_key(file: Path) -> int:
    """Write one more key under the next version, for processes started from now on; returns the version.

    The old keys are never without a copy on the disk, whatever happens meanwhile. Raises KeysUsedUp.
    """
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)  # two keys of the same version would be the loss of one
        text = file.read_text()
        version, addition = next_vault_key(text)
        fresh = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
        try:
            _write_like(fresh, f"{text.strip()} {addition}\n", file.stat())
            fresh.replace(file)
        finally:
            fresh.unlink(missing_ok=True)
        os.fsync(folder)
    finally:
        os.close(folder)
    return version


def next_vault_key(text: str) -> tuple[int, str]:
    """The version after those in ``text`` and a fresh key, as it is added to them. Raises KeysUsedUp."""
    version = max(int(part.partition(":")[0]) for part in text.split()) + 1
    if version > NEWEST_POSSIBLE:
        raise KeysUsedUp
    return version, f"{version}:{_key()}"


class KeysUsedUp(Exception):
    """A sealed blob names its key by one byte."""


def _write_like(file: Path, text: str, like: os.stat_result) -> None:
    """A file that whoever could read the other one can read, and nobody else."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        if (like.st_uid, like.st_gid) != (os.geteuid(), os.getegid()):
            os.fchown(out.fileno(), like.st_uid, like.st_gid)
        os.fchmod(out.fileno(), like.st_mode & 0o777)
        out.write(text)
        out.flush()
        os.fsync(out.fileno())


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
