"""Debian's Chromium, driven by Playwright, and what every page has to keep to."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.support.skipping import skip

# The same letters on every machine, so that its pictures can be compared: those of one package.
FONTS = Path("/usr/share/fonts/truetype/dejavu")
_FONTS = """\
<?xml version="1.0"?>
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir>{aliases}</fontconfig>
"""
_ALIAS = """\
<match><test name="family"><string>{name}</string></test>
<edit name="family" mode="assign" binding="strong"><string>{font}</string></edit></match>
"""
_NAMES = {
    "sans-serif": "DejaVu Sans",
    "system-ui": "DejaVu Sans",
    "serif": "DejaVu Serif",
    "Georgia": "DejaVu Serif",
    "monospace": "DejaVu Sans Mono",
}
_LISTEN = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@contextmanager
def chromium(folder: Path) -> Iterator[Browser]:
    """Run Chromium; folder: for what it keeps of fonts. Skips where it is not installed."""
    program = shutil.which("chromium")
    if program is None:
        skip("Chromium is not installed")
    if not FONTS.is_dir():
        skip("the fonts of fonts-dejavu-core are not installed")
    fonts = folder / "fonts.conf"
    aliases = "".join(_ALIAS.format(name=name, font=font) for name, font in _NAMES.items())
    written = _FONTS.format(fonts=FONTS, cache=folder / "cache", aliases=aliases)
    fonts.write_text(written, encoding="utf-8")
    # Root may not have a sandbox, and nothing but this project's page is opened.
    options = ["--no-sandbox", "--font-render-hinting=none", "--disable-lcd-text"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=options, env={"FONTCONFIG_FILE": str(fonts)}
        )
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Watched:
    """What happened on a page besides what the test looks at."""

    address: str
    errors: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Note its errors, its policy's reports, and what it asks of other hosts."""
        page.add_init_script(_LISTEN)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.context.on("request", lambda request: self._request(request.url))

    def check(self, page: Page) -> None:
        """Fail where the policy was broken, a script failed, or another host was asked."""
        assert page.evaluate("window.violations ?? []") == []
        assert self.errors == []
        assert self.elsewhere == []

    def _console(self, message: ConsoleMessage) -> None:
        # A refused request is told there too, and the page tells it itself.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.errors.append(message.text)

    def _request(self, url: str) -> None:
        if not url.startswith(("blob:", "data:")) and urlsplit(url).netloc != self.address:
            self.elsewhere.append(url)


@contextmanager
def opened(browser: Browser, port: int, path: str = "/", **options: Any) -> Iterator[Page]:
    """Open a server's page in a context of its own, which keeps to the rules until it is closed.

    options: those of the context, such as ``viewport`` and ``color_scheme``.
    """
    settings = {"viewport": {"width": 1280, "height": 900}, "locale": "en-US", **options}
    context = browser.new_context(base_url=f"http://127.0.0.1:{port}", **settings)
    context.set_default_timeout(20_000)
    watched = Watched(f"127.0.0.1:{port}")
    try:
        page = context.new_page()
        watched.watch(page)
        page.goto(path)
        yield page
        if settings.get("java_script_enabled", True):
            watched.check(page)
    finally:
        context.close()


def asked(page: Page, text: str) -> Any:
    """Ask about a text by the keyboard, and return the server's answer."""
    page.get_by_label("Document", exact=True).fill(text)
    with page.expect_response("**/invocations") as answer:
        page.keyboard.press("Control+Enter")
    found = answer.value.json()
    page.locator("#answer:not([aria-busy]) .sentence").wait_for()
    return found
