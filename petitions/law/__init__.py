"""The statute as data and pure functions: standard library only, no clock, no database, no request."""
