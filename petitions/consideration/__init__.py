"""Consideration by the addressee (90-5, 90-6): duties, decision, appeals, commitments."""
