"""The package as people install it: the wheel alone, in a fresh environment."""

import ast
import os
import re
import subprocess
import sys
import sysconfig
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import cascade_tools

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "cascade_tools"
LONGEST = 350
# A migration is a record of what was done once; it is not read from top to bottom, nor changed.
MODULES = [p for p in sorted(PACKAGE.rglob("*.py")) if "migrations/versions" not in p.as_posix()]


def test_importing_the_package_loads_nothing_big() -> None:
    """``import cascade_tools`` loads no pandas, no widgets, no SQL: it costs nothing and does
    nothing."""
    code = "import sys, cascade_tools; print(*sorted(m.partition('.')[0] for m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"pandas", "pyarrow", "ipywidgets", "anywidget", "sqlalchemy", "tornado"}


@pytest.mark.parametrize("module", ["cascade_tools.workbook", "cascade_tools.desk"])
def test_a_kernel_loads_no_sql(module: str) -> None:
    """What notebooks import brings no database, no keys and, before a table is made, no pandas."""
    code = f"import sys, {module}; print(*sorted(m.partition('.')[0] for m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & {"sqlalchemy", "alembic", "cryptography", "pandas"}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_module_says_what_it_is_for(path: Path) -> None:
    """A module begins with what it is for (an empty one marks a folder), and can be read in one
    sitting."""
    text = path.read_text(encoding="utf-8")
    assert not text.strip() or ast.get_docstring(ast.parse(text))
    length = len(text.splitlines())
    assert length <= LONGEST, f"Split {path.name}: a module has one subject."


@dataclass(frozen=True)
class Installed:
    """The wheel in an environment of its own; ``empty`` is a folder with nothing in it."""

    bin: Path
    empty: Path

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(self.bin / arguments[0]), *arguments[1:]],
            capture_output=True,
            text=True,
            cwd=self.empty,
            env=self.environment,
        )

    @property
    def environment(self) -> dict[str, str]:
        return {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "CASCADE"))}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Built from this checkout, installed without it.

    What the kit depends on is borrowed from the environment of the tests, so that nothing is
    fetched; the checkout itself is not borrowed with it: only that environment's own hook for an
    editable installation could lead there, and a folder's hooks run only when the folder is a site
    folder, which a borrowed one is not.
    """
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    wheel = [*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", str(folder), str(ROOT)]
    subprocess.run(wheel, check=True, cwd=folder)
    (built,) = folder.glob("cascade_tools-*.whl")
    home = folder / "home"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    target = [*pip, f"--python={scripts / 'python'}", "install", "--no-deps", "--no-index"]
    subprocess.run([*target, str(built)], check=True, cwd=folder)
    where = subprocess.run(
        [str(scripts / "python"), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    (Path(where) / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    # The dependencies' own data files (Voila's templates, the kernel) lie beside their modules.
    (home / "share").mkdir()
    (home / "share" / "jupyter").symlink_to(Path(sysconfig.get_path("data")) / "share" / "jupyter")
    empty = folder / "empty"
    empty.mkdir()
    return Installed(scripts, empty)


class TestTheWheelAlone:
    def test_it_does_not_see_the_checkout(self, installed: Installed) -> None:
        """What runs here is what was installed, kit and all."""
        code = (
            "import cascade_tools, cascade_tools.kit as kit; print(cascade_tools.__file__);"
            "print(*(kit.kit_folder(n) for n in ('workbooks', 'templates', 'data')), sep='\\n')"
        )
        done = installed.run("python", "-c", code)
        assert done.returncode == 0, done.stderr
        home = installed.bin.parent
        for line in done.stdout.split():
            assert home in Path(line).parents, line

    def test_it_holds_the_whole_kit(self, installed: Installed) -> None:
        """Every file of the kit and of the package is in the wheel, byte for byte."""
        code = "import cascade_tools as c; print(c.__path__[0])"
        package = Path(installed.run("python", "-c", code).stdout.strip())
        missing = [
            f"{source.name}/{path.relative_to(source)}"
            for source, target in (
                (PACKAGE, package),
                *((ROOT / n, package / "kit" / n) for n in ("workbooks", "templates", "data")),
            )
            for path in source.rglob("*")
            if path.is_file()
            and not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts)
            and (
                not (target / path.relative_to(source)).is_file()
                or (target / path.relative_to(source)).read_bytes() != path.read_bytes()
            )
        ]
        assert missing == []

    def test_version(self, installed: Installed) -> None:
        """``cascade --version`` says which one this is."""
        done = installed.run("cascade", "--version")
        assert (done.returncode, done.stdout.strip()) == (0, f"cascade {cascade_tools.__version__}")

    def test_help(self, installed: Installed) -> None:
        """``cascade --help`` lists what one can do."""
        done = installed.run("cascade", "--help")
        assert done.returncode == 0, done.stderr
        for verb in ("demo", "init", "serve", "check", "backup"):
            assert re.search(rf"^  {verb} ", done.stdout, re.M), verb

    def test_check(self, installed: Installed) -> None:
        """``cascade check`` finds the kit's own workbooks, and nothing to put right in them."""
        done = installed.run("cascade", "check")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Nothing to put right." in done.stdout

    @pytest.fixture(scope="class")
    @classmethod
    def served(cls, installed: Installed) -> Iterator[str]:
        """``cascade demo`` in an empty folder; the address it prints."""
        command = [str(installed.bin / "cascade"), "demo", "--no-browser", "--port", "0"]
        process = subprocess.Popen(
            command,
            cwd=installed.empty,
            env=installed.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            assert process.stdout is not None
            found = (re.search(r"http://\S+", line) for line in process.stdout)
            address = next((match.group() for match in found if match), None)
            assert address is not None, "cascade demo ended before it said where it is"
            yield address
        finally:
            process.terminate()
            process.wait(30)

    def test_a_served_page(self, served: str) -> None:
        """From an empty folder, one command later, the first page is there and offers to be
        somebody."""
        with urllib.request.urlopen(served, timeout=60) as reply:  # noqa: S310
            page = reply.read().decode()
            assert reply.status == 200
        assert "Be somebody in the demo" in page
        for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', page):
            with urllib.request.urlopen(served.rstrip("/") + address, timeout=60) as reply:  # noqa: S310
                assert reply.status == 200
