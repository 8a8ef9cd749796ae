"""What the pages of a failed browser test showed and did last, so that a failure explains itself."""

from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Request, Response

LINES = 40
LETTERS = 2_000


@dataclass
class Witness:
    """Hears what the pages of a test's contexts say and ask for."""

    contexts: list[BrowserContext] = field(default_factory=list)
    heard: deque[str] = field(default_factory=lambda: deque(maxlen=LINES))

    def watch(self, context: BrowserContext) -> None:
        self.contexts.append(context)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.heard.append(f"page: {error.error}"))
        context.on("response", self._response)
        context.on("requestfailed", self._failed)

    def _console(self, message: ConsoleMessage) -> None:
        self.heard.append(f"{message.type}: {message.text}")

    def _response(self, response: Response) -> None:
        if "/api/" in response.url:
            self.heard.append(f"{response.status} {response.request.method} {response.url}")

    def _failed(self, request: Request) -> None:
        self.heard.append(f"failed {request.method} {request.url} {request.failure}")

    def tell(self, name: str, folder: Path) -> str:
        """Keep a picture of each page in the folder, and return what they show with the last lines that were heard."""
        folder.mkdir(exist_ok=True)
        pages = [page for context in self.contexts for page in context.pages]
        shown = [_shown(page, folder / f"failed-{name}-{number}.png") for number, page in enumerate(pages, 1)]
        text = "\n".join([*shown, "last heard:", *(f"  {line}" for line in self.heard)])
        (folder / f"failed-{name}.txt").write_text(text)
        return text


def _shown(page: Page, picture: Path) -> str:
    try:
        page.screenshot(path=picture, timeout=5_000)
        words = page.locator("body").inner_text(timeout=5_000)
    except Error as error:
        return f"{page.url}: {error}"
    return f"{page.url} ({picture}):\n{words[-LETTERS:]}\n"
