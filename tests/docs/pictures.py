"""The pictures in the README, taken anew from a fresh fictional programme.

``python -m tests.docs.pictures`` after a page has changed.  Colours are reduced with ImageMagick
where it is installed; a test says if a picture is too heavy without it.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.docs.generated import ROOT
from tests.living import CHROMIUM_ARGS, chromium, free_port

OUT = ROOT / "docs/images"
WIDTH = 1000
ENTRIES = "a[href*='/entries/']:not([href$=check])"


def main() -> None:
    with tempfile.TemporaryDirectory() as aside:
        address, server = _demo(Path(aside) / "demo")
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGS)
                _coach(_as(browser, address, "Amina Rowanfield", 1300), address)
                _leader(_as(browser, address, "Siân Cobblestone", 1300), address)
                _supervisor(_as(browser, address, "Hester Barleymow", 1000), address)
                _take(_as(browser, address, "Nadia Lavenderhill", 700), "programme-lead")
                browser.close()
        finally:
            server.kill()  # nobody's words are in it
            server.wait(20)


def _demo(folder: Path) -> tuple[str, "subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "cascade_tools", "demo", "--no-browser"]
    command += ["--port", str(free_port()), "--folder", str(folder)]
    server = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT
    )
    for line in server.stdout or ():
        if found := re.search(r"http://\S+/", line):
            return found.group(), server
    raise SystemExit("The fictional programme did not start.")


def _as(browser: Browser, address: str, name: str, height: int) -> Page:
    context = browser.new_context(
        viewport={"width": WIDTH, "height": height}, color_scheme="light", reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{address}sign-in")
    page.get_by_text("Everybody else").click()
    page.get_by_role("button", name=f"Continue as {name}").click()
    page.get_by_role("heading", name="Hello").wait_for()
    return page


def _coach(page: Page, address: str) -> None:
    """The picture of the thinking, in the third session: two answers to look at."""
    page.goto(f"{address}me")
    for entry in page.locator(ENTRIES).evaluate_all("links => links.map(a => a.href)"):
        page.goto(entry)
        if "session 3" in page.locator(".over").inner_text():
            _turn_to_picture(page, entry)
            _take(page, "coach")
            return
    raise SystemExit("The third session is missing in the fictional programme.")


def _leader(page: Page, address: str) -> None:
    page.goto(f"{address}me")
    entry = page.locator(ENTRIES).first.evaluate("a => a.href")
    page.goto(entry)
    _turn_to_picture(page, entry)
    _take(page, "leader")


def _turn_to_picture(page: Page, entry: str) -> None:
    which = page.locator(".page:has(.picture)").first.get_attribute("data-page")
    page.goto(f"{entry}?page={which}")
    page.locator(".picture").first.wait_for()


def _supervisor(page: Page, address: str) -> None:
    page.goto(f"{address}workbooks/supervisor/my-overview")
    page.locator(".overview table").wait_for()
    _take(page, "supervisor")


def _take(page: Page, name: str) -> None:
    file = OUT / f"{name}.png"
    page.wait_for_timeout(1000)  # fonts and the last of the layout
    page.screenshot(path=file)
    if convert := shutil.which("convert"):
        reduce = ["+dither", "-colors", "128", "-strip", f"PNG8:{file}"]
        subprocess.run([convert, str(file), *reduce], check=True)
    print(f"{file.relative_to(ROOT)}: {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
