"""Fetching from an authority: only from addresses that the operator has set, bounded in size and in time."""

from __future__ import annotations

import time
from http import HTTPStatus

import requests

CHUNK = 64 * 1024


class Unreachable(Exception):
    """Nobody answers there, not in time, or not with what was asked for. The message is for the operator's log."""


def fetched(url: str, *, body: bytes | None = None, kind: str = "", seconds: float, most: int) -> bytes:
    """What stands at an address; with ``body``, of the media type ``kind``, what it answers to that.

    ``seconds`` bounds the waiting for each sign of life and the whole reading, ``most`` the size in bytes.
    Raises Unreachable.
    """
    until = time.monotonic() + seconds
    try:
        with requests.request(
            "GET" if body is None else "POST",
            url,
            data=body,
            # Nothing packed: a packed answer of a few bytes unpacks into gigabytes.
            headers={"Accept-Encoding": "identity"} | ({"Content-Type": kind} if kind else {}),
            timeout=seconds,
            allow_redirects=False,
            stream=True,
        ) as response:
            if response.status_code != HTTPStatus.OK:
                raise Unreachable(f"HTTP {response.status_code}")
            return _read(response, until, most)
    except (requests.RequestException, OSError, ValueError) as error:
        raise Unreachable(type(error).__name__) from None


def _read(response: requests.Response, until: float, most: int) -> bytes:
    """In pieces as they come: who sends a byte every second would be waited for without an end."""
    read = bytearray()
    while piece := response.raw.read1(CHUNK, decode_content=False):
        read += piece
        if len(read) > most:
            raise Unreachable("too large")
        if time.monotonic() > until:
            raise Unreachable("too slow")
    return bytes(read)
