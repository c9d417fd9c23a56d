"""Joinings: rows that are only ever added, and their sealed evidence. They know nothing of counts."""
