"""A person without a mouse: where the focus is, and how to get it somewhere."""

import re

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 80
_NAME = """() => {
    const here = document.activeElement;
    return here === document.body ? "" : (here?.getAttribute("aria-label") ?? here?.innerText?.trim() ?? "");
}"""


def tab_to(page: Page, name: str) -> None:
    """Press Tab until something of this name has the focus."""
    seen: list[str] = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(_NAME))
        if re.search(name, seen[-1]):
            return
    raise AssertionError(f"Tab never came to {name}: {seen}")


def focus_name(page: Page) -> str:
    return str(page.evaluate(_NAME))


def focus_stays_inside(dialog: Locator) -> None:
    """However often one presses Tab, the focus is in the dialog."""
    page = dialog.page
    shown = dialog.element_handle()
    for key in ["Tab"] * 12 + ["Shift+Tab"] * 3:
        page.keyboard.press(key)
        page.wait_for_function("(dialog) => dialog.contains(document.activeElement)", arg=shown, timeout=3_000)


def closes_and_returns(dialog: Locator, opener: str) -> None:
    page = dialog.page
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.wait_for_function(f"(name) => new RegExp(name).test(({_NAME})())", arg=opener, timeout=3_000)
