"""Somebody at a browser, and their phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from petitions.identity.simulators.authority import SimulatedAuthority
from tests.making_signatures import authority, authority_folder
from tests.phone_signing.phone import Phone
from tests.signing.conftest import Signer, browser

__all__ = ["authority", "authority_folder", "browser"]


@pytest.fixture
def phone_of(sqlite_app: Flask, authority: SimulatedAuthority) -> Callable[[Signer], Phone]:
    """The phone of whoever sits at a browser."""
    return lambda signer: Phone(sqlite_app, authority, signer.person, signer.at)
