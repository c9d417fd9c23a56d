"""Joining a petition: consent, the exact text, a verified signature, a receipt; and taking it back."""
