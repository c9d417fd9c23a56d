from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from petitions.identity.roles import Role


@pytest.fixture
def administrator(sign_in_staff: Callable[..., FlaskClient]) -> FlaskClient:
    """The browser of an administrator."""
    return sign_in_staff(Role.ADMINISTRATOR)
