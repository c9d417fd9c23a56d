"""What the law leans on: territories and populations, bodies, the calendar, policy settings, the archive.

Every table here is sourced and dated, shipped in `data/`, and editable by an administrator.
"""
