"""``python -m tests``: everything that must hold, in one command; ``--faults`` for the slow ones.

Style, types and rooms come first, then pytest, whose closing line is the last.  Whatever fails,
the rest still runs and the exit code says so.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.living import BROWSERS

ROOT = Path(__file__).resolve().parent.parent
CHECKS = {
    "style": ("ruff", "check", "--quiet", "."),
    "layout": ("ruff", "format", "--check", "--quiet", "."),
    "types": ("mypy",),
}
PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
)


def browser() -> str:
    """Chromium or Chrome: the one named, the one installed, or on Debian one installed now."""
    if stated := os.environ.get("CASCADE_BROWSER"):
        return shutil.which(stated) or sys.exit(f"CASCADE_BROWSER: there is no {stated}.")
    if found := _installed():
        return found
    if _debian() and hasattr(os, "geteuid") and os.geteuid() == 0:
        print("No browser here: installing Debian's Chromium.", flush=True)
        quiet = {
            "stdout": subprocess.DEVNULL,
            "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        }
        subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)  # type: ignore[call-overload]
        subprocess.run(  # type: ignore[call-overload]
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", BROWSERS[0]],
            check=False,
            **quiet,
        )
        if found := _installed():
            return found
    sys.exit(
        "The tests need a browser. Install Chromium or Google Chrome (on Debian, as root: "
        "apt-get install chromium-headless-shell), or set CASCADE_BROWSER to where one is."
    )


def _installed() -> str | None:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    return found or next((place for place in PLACES if Path(place).is_file()), None)


def _debian() -> bool:
    try:
        lines = Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    return "ID=debian" in lines and shutil.which("apt-get") is not None


def check(name: str, command: Sequence[str]) -> bool:
    """Run one check; say what it found only if it found something."""
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    print(f"{name}: {'passed' if done.returncode == 0 else 'FAILED'}", flush=True)
    if done.returncode:
        print(done.stdout, done.stderr, sep="", flush=True)
    return done.returncode == 0


def main(arguments: Sequence[str]) -> int:
    """The exit code: 0 only when everything passed."""
    rest = [a for a in arguments if a != "--faults"]
    slow = "--faults" in arguments
    os.environ["CASCADE_BROWSER"] = browser()
    failed = [] if slow else [n for n, c in CHECKS.items() if not check(n, ("-m", *c))]
    # import-linter has no __main__; its command is a function.
    rooms = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"
    if not slow and not check("rooms", ("-c", rooms)):
        failed.append("rooms")
    if failed:
        print(f"Not in order: {', '.join(failed)}. The tests run all the same.", flush=True)
    pytest = [sys.executable, "-m", "pytest", "-m", "faults" if slow else "not faults"]
    # Half of the time a test waits for a browser, a kernel or a clock: three at once keep two cores
    # busy.  Tests of one file stay together: they share a server.  In the order of their names,
    # because the files with the fewest tests are the slowest, and would all come last.
    pytest += ["-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"]
    # Should one of the three be lost, the others finish and say which test it was; a new one would
    # wait for ever for its share.
    pytest += ["--max-worker-restart", "0", *rest]
    tested = subprocess.run(pytest, cwd=ROOT, check=False).returncode
    return 1 if failed else tested


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
