"""Every address stands in ``docs/http.md``, and nothing stands there that is not served."""

import re
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace

import pytest

from cascade_tools.server.addresses import Addresses
from cascade_tools.server.app import CARDS, ID, KEY, WORKBOOK, App
from cascade_tools.server.kernel_face import FACE
from cascade_tools.server.practice_pages import NAME

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "http.md").read_text(encoding="utf-8")
BROWSERS, KERNELS = DOCUMENT.split("## Where kernels ask")
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")
WORDS = (
    (ID, "<id>"),
    (WORKBOOK, "<role>/<name>"),
    (KEY, "<key>"),
    (CARDS, "<code>"),
    (NAME, "<name>"),
    ("static/([0-9a-f]+)/([a-z.-]+)", "static/<version>/<file>"),
    ("([0-9a-f]+)/(.*)", "<version>/<path>"),
)


def documented(text: str) -> dict[str, set[str]]:
    """Address to methods, as the tables have them."""
    found: dict[str, set[str]] = defaultdict(set)
    for method, address in re.findall(r"^\| ([A-Z]+) \| `([^`]+)` \|", text, re.M):
        found[address].add(method)
    return found


def served() -> dict[str, set[str]]:
    """Address to methods, as the server has them."""
    app = SimpleNamespace(
        voila_configuration=None,
        template_paths=[],
        config=None,
        static_paths=[],
        labextensions_path=[],
        serving=SimpleNamespace(addresses=Addresses("/")),
    )
    found = {}
    for pattern, handler, *_ in App.init_handlers(app):  # type: ignore[arg-type]
        if pattern == ".*":
            continue
        address = re.sub(r"\(\?P<kernel_id>[^)]+\)", "<kernel>", pattern)
        for regex, words in WORDS:
            address = address.replace(regex, words)
        found[address] = {m for m in METHODS if _answers(handler, m.lower())}
    return found


def _answers(handler: type, method: str) -> bool:
    """Whether a handler has this method; pictures say themselves that they have no GET."""
    found = getattr(handler, method)
    return found.__name__ != "_unimplemented_method" and not (
        method == "get" and found.__qualname__ == "Pictures.get"
    )


def test_every_address_is_documented_with_its_methods() -> None:
    """The tables and the server name the same addresses and, for each, the same methods."""
    assert dict(documented(BROWSERS)) == served()


def test_every_address_for_kernels_is_documented() -> None:
    """The same for the listener that kernels ask."""
    ((pattern, _),) = FACE
    names = pattern.strip("/()").split("|")
    assert dict(documented(KERNELS)) == {f"/{name}": {"GET"} for name in names}


@pytest.mark.parametrize("base", ["/", "/x/", "/user/amina field/"])
def test_the_way_back_never_leaves_the_site(base: str) -> None:
    """After signing in one lands on this server, whatever the address asked for."""
    addresses = Addresses(base)
    inside = f"{base}entries/0123?page=one"
    assert addresses.within(inside.replace(" ", "%20")) in (inside, base)
    for outside in (
        "",
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "/\t/elsewhere.example",
        " //elsewhere.example",
        "javascript:alert(1)",
        f"{base}..\\..",
        f"{base}\r\nSet-Cookie: a=b",
        "elsewhere.example",
    ):
        assert addresses.within(outside) == base, outside
