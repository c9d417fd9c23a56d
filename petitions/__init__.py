"""The petition platform of a Listening State, built on Kazakhstan's petition law."""
