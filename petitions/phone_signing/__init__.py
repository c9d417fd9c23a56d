"""Signing with a phone: what the app eGov Mobile fetches and sends, and the page that waits for it."""
