"""Scripts and styles: read once, compressed once, cached by browsers for good.

Their address holds a hash of their content, so a new version has a new address.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cascade_tools.kit import kit_folder

WIDGETS = Path(__file__).resolve().parent.parent / "widgets" / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# One sheet for the whole kit, in this order; any other sheet is for single pages.
SHEETS = ("page.css", "room.css", "prompt.css", "picture.css", "overview.css", "print.css")


@dataclass(frozen=True, slots=True)
class File:
    content: bytes
    packed: bytes
    type: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """``version`` names all of ``files`` at once."""

    version: str
    files: dict[str, File]


@cache
def bundle() -> Bundle:
    """Everything a page may ask for, in memory.  The kit's files only; nothing a person made."""
    folders = (kit_folder("templates") / "static", WIDGETS)
    found = {p.name: p for folder in folders for p in sorted(folder.iterdir()) if p.suffix in TYPES}
    texts = {name: path.read_bytes() for name, path in found.items() if name not in SHEETS}
    texts["cascade.css"] = b"\n".join(found[s].read_bytes() for s in SHEETS if s in found)
    digest = hashlib.sha256(b"".join(k.encode() + v for k, v in sorted(texts.items())))
    files = {
        name: File(text, gzip.compress(text, 9, mtime=0), TYPES[Path(name).suffix])
        for name, text in texts.items()
    }
    return Bundle(digest.hexdigest()[:12], files)
