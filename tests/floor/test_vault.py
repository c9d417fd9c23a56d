"""What is sealed opens only with its key and in its place."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag

from petitions import vault

OLD, NEW = b"o" * 32, b"n" * 32


def test_a_sealed_value_opens_in_its_own_place() -> None:
    vault.configure(b"i" * 32, {1: OLD})
    assert vault.open_sealed(vault.seal("Айгүл".encode(), "citizen:1"), "citizen:1").decode() == "Айгүл"


def test_a_sealed_value_moved_to_another_row_does_not_open() -> None:
    vault.configure(b"i" * 32, {1: OLD})
    sealed = vault.seal(b"secret", "citizen:1")
    with pytest.raises(InvalidTag):
        vault.open_sealed(sealed, "citizen:2")


def test_the_newest_key_seals_and_the_old_one_still_opens() -> None:
    vault.configure(b"i" * 32, {1: OLD})
    before = vault.seal(b"old", "x")
    vault.configure(b"i" * 32, {1: OLD, 2: NEW})
    after = vault.seal(b"new", "x")
    assert (before[0], after[0]) == (1, 2)
    assert vault.open_sealed(before, "x") == b"old"
    assert vault.open_sealed(after, "x") == b"new"


def test_the_same_iin_has_the_same_digest_and_another_key_another_one() -> None:
    vault.configure(b"i" * 32, {1: OLD})
    first = vault.iin_digest("900101300001")
    assert first == vault.iin_digest("900101300001") != vault.iin_digest("900101300002")
    vault.configure(b"j" * 32, {1: OLD})
    assert vault.iin_digest("900101300001") != first


def test_a_key_that_the_process_was_not_given_is_named() -> None:
    vault.configure(b"i" * 32, {1: OLD, 2: NEW})
    sealed = vault.seal(b"new", "x")
    vault.configure(b"i" * 32, {1: OLD})
    with pytest.raises(vault.NoSuchKey, match="vault key 2"):
        vault.open_sealed(sealed, "x")


def test_what_is_cut_off_does_not_open() -> None:
    vault.configure(b"i" * 32, {1: OLD})
    whole = vault.seal(b"secret", "x")
    for length in range(len(whole)):
        with pytest.raises(InvalidTag):
            vault.open_sealed(whole[:length], "x")


def test_sealing_anew_keeps_what_is_held_and_leaves_nothing_of_the_old_blob() -> None:
    vault.configure(b"i" * 32, {1: OLD})
    before = vault.seal(b"held", "x")
    vault.configure(b"i" * 32, {1: OLD, 2: NEW})
    after = vault.reseal(before, "x")
    assert vault.open_sealed(after, "x") == b"held"
    assert after[0] == 2
    assert before[1:13] != after[1:13]
