"""The staff console: queues by deadline, staff accounts, settings, reference tables, the audit trail."""
