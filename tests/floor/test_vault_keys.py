"""`flask vault new-key`: one more key, and never one less."""

from __future__ import annotations

import multiprocessing
import stat
from pathlib import Path

import pytest
from flask import Flask

from petitions import instance
from petitions.config import load


@pytest.fixture
def keys(sqlite_app: Flask, tmp_path: Path) -> Path:
    """The file of an installation's keys, as it is first made."""
    instance.prepare(tmp_path)
    return tmp_path / "vault_keys"


def test_a_new_key_is_written_beside_the_old_ones_and_a_restart_is_asked_for(sqlite_app: Flask, keys: Path):
    before = keys.read_text().strip()
    told = sqlite_app.test_cli_runner().invoke(args=["vault", "new-key"])
    assert told.exit_code == 0, told.output
    assert f"Key 2 is in {keys}." in told.output
    assert "start every process anew" in told.output
    assert keys.read_text().startswith(f"{before} 2:")
    assert keys.read_text().split()[1] not in told.output
    config = load({"PETITIONS_ENV": "test", "PETITIONS_INSTANCE": str(keys.parent)})
    assert sorted(config.vault_keys) == [1, 2]
    assert config.vault_keys[1] != config.vault_keys[2]


def test_only_who_could_read_the_keys_can_read_them_afterwards(keys: Path):
    keys.chmod(0o640)
    instance.add_vault_key(keys)
    assert stat.S_IMODE(keys.stat().st_mode) == 0o640
    assert [file.name for file in keys.parent.iterdir() if "vault_keys" in file.name] == ["vault_keys"]


def test_two_who_make_a_key_at_once_make_two(keys: Path):
    with multiprocessing.get_context("fork").Pool(4) as pool:
        made = pool.map(instance.add_vault_key, [keys] * 8)
    assert sorted(made) == list(range(2, 10))
    assert [part.partition(":")[0] for part in keys.read_text().split()] == [str(each) for each in range(1, 10)]


def test_where_keys_come_from_the_environment_the_new_one_is_printed(
    sqlite_app: Flask, keys: Path, monkeypatch: pytest.MonkeyPatch
):
    before = keys.read_text()
    monkeypatch.setenv("PETITIONS_VAULT_KEYS", f"4:{'A' * 43}=")
    told = sqlite_app.test_cli_runner().invoke(args=["vault", "new-key"])
    version, _, key = told.stdout.strip().partition(":")
    assert (version, len(key)) == ("5", 44)
    assert "PETITIONS_VAULT_KEYS" in told.stderr
    assert keys.read_text() == before


def test_after_the_last_version_there_is_no_other(sqlite_app: Flask, keys: Path):
    keys.write_text(f"255:{'A' * 43}=\n")
    told = sqlite_app.test_cli_runner().invoke(args=["vault", "new-key"])
    assert told.exit_code == 1
    assert "255 is the last version" in told.output
    assert keys.read_text() == f"255:{'A' * 43}=\n"
