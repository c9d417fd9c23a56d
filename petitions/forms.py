"""The one base of every form, so that the library without types is met in one place."""

from __future__ import annotations

from flask_wtf import FlaskForm


class Form(FlaskForm):  # type: ignore[misc]
    """A form with its token (flask_wtf)."""
