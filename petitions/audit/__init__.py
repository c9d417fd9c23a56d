"""Append-only trail of what staff and the system did. Rows are added, never changed."""

from petitions.audit.actions import record
from petitions.audit.actor import SYSTEM, Actor
from petitions.audit.models import AuditEntry

__all__ = ["SYSTEM", "Actor", "AuditEntry", "record"]
