"""A workbook in JupyterLab, as its author sees it: the same controls, and nothing is saved."""

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from cascade_tools.kit import kit_folder
from tests.living import free_port

BELOW = "leader/going-below-the-surface"
START_SECONDS = 120
CELL_MS = 90_000  # starting a kernel on a busy machine
# What Lab may keep to itself: no settings, history or trust of whoever runs the tests.
OWN = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "HOME")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """JupyterLab as it is installed, with a copy of the kit's workbooks; its address."""
    place = tmp_path_factory.mktemp("lab")
    shutil.copytree(kit_folder("workbooks"), place / "workbooks")
    env = {k: v for k, v in os.environ.items() if not k.startswith(("CASCADE_", "JUPYTER_"))}
    for name in OWN:
        (place / name.lower()).mkdir()
        env[name] = str(place / name.lower())
    port = free_port()
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}"]
    command += ["--ServerApp.token=", "--ServerApp.port_retries=0", "--ServerApp.allow_root=True"]
    command += [f"--ServerApp.root_dir={place / 'workbooks'}", "--ServerApp.ip=127.0.0.1"]
    # Lab's own look for a newer Lab leaves this computer; the workbook has no part in it.
    command += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    log = place / "log"
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=env, cwd=place)
    address = f"http://127.0.0.1:{port}/"
    try:
        _wait(address, process, log)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(20)


def _wait(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}api", timeout=5):  # noqa: S310
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"JupyterLab did not answer:\n{log.read_text()[-2000:]}")


@pytest.fixture
def page(lab: str, browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A fresh page that reaches this computer and nothing else, and what it tried to reach."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    outside: list[str] = []

    def only_here(route: Route) -> None:
        if route.request.url.startswith(lab):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    context.route(lambda url: url.startswith("http"), only_here)
    yield context.new_page(), outside
    context.close()


def test_an_author_sees_the_same_controls_in_jupyterlab(
    lab: str, page: tuple[Page, list[str]], tmp_path: Path
) -> None:
    """Run from top to bottom in JupyterLab, a workbook shows each question as the same native
    control with its label, says that nothing is saved, and needs nothing from elsewhere."""
    lab_page, outside = page
    lab_page.goto(f"{lab}lab/tree/{BELOW}.ipynb?reset")
    notebook = lab_page.locator(".jp-Notebook")
    notebook.wait_for(timeout=CELL_MS)
    # Before its kernel is there, Run asks which one to use.
    expect(lab_page.get_by_role("button", name="| Idle")).to_be_visible(timeout=CELL_MS)
    lab_page.get_by_role("menuitem", name="Run", exact=True).click()
    lab_page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    expect(notebook.get_by_text("Preview: nothing is saved.")).to_be_visible(timeout=CELL_MS)
    box = notebook.get_by_label("What would you like to talk about?")
    expect(box).to_be_visible(timeout=CELL_MS)
    assert box.evaluate("el => el.tagName") == "TEXTAREA"
    box.fill("Only for trying")
    expect(box).to_have_value("Only for trying")
    expect(notebook.get_by_role("radio", name="I would like to go on").first).to_be_visible()
    shot = tmp_path / "jupyterlab.png"
    lab_page.screenshot(path=shot)
    assert shot.stat().st_size > 20_000
    assert outside == []
