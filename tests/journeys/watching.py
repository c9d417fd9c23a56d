"""What a page must never do, watched in every browser of every story."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

from tests.journeys.secrecy import Secrets, told_by_address

REFUSED_BY_DESIGN = (
    "Failed to load resource: the server responded with a status of 4",
    "Failed to load resource: net::ERR_INTERNET_DISCONNECTED",  # a story took the line away
    "Service Worker registration blocked by Playwright",
)


@dataclass
class Watch:
    """Collects, for the end of a story: script errors, console errors, foreign hosts, crashes of the server,
    addresses that tell of somebody. What its browsers are given is kept in ``secrets``.
    """

    address: str
    secrets: Secrets
    troubles: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> BrowserContext:
        context.on("weberror", self._script)
        context.on("console", self._console)
        context.on("request", self._request)
        context.on("response", self._response)
        return context

    def close(self, context: BrowserContext) -> None:
        """The browser's last cookies are secrets too."""
        self.secrets.keep_cookies(context.cookies())
        context.close()

    def _script(self, error: WebError) -> None:
        self.troubles.append(f"script error: {error.error}")

    def _console(self, message: ConsoleMessage) -> None:
        """Chromium tells violations of the content policy here too. A page of 4xx is an answer, no trouble."""
        if message.type in ("error", "warning") and not message.text.startswith(REFUSED_BY_DESIGN):
            self.troubles.append(f"console {message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).scheme in ("http", "https") and not request.url.startswith(self.address):
            self.troubles.append(f"another host is asked: {request.url}")
        if urlsplit(request.url).scheme == "data":
            return  # a picture of the page itself
        self.secrets.keep_address(request.url)
        self.troubles += [f"an address tells {told}: {request.url}" for told in told_by_address(request.url)]

    def _response(self, response: Response) -> None:
        broken = response.status >= 500 or (
            response.status >= 400 and response.request.resource_type in ("script", "stylesheet", "image")
        )
        if broken:
            self.troubles.append(f"{response.status} from {urlsplit(response.url).path}")
