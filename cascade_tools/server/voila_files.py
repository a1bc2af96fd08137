"""Voila's own scripts and those of the widgets: compressed once, cached by browsers for good.

Their names stay the same from one version to the next, so their address holds one.
"""

import gzip
import hashlib
import mimetypes
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from tornado import web

from cascade_tools.kit import kit_folder
from cascade_tools.server.answer import Answer
from cascade_tools.server.static import File

PACKED = ("text/", "application/json", "image/svg", "application/javascript")
STATIC, EXTENSIONS = "voila/static", "voila/labextensions"
# Beside them stands one of ours, which lets Voila's script wait for the kernel.
WAITS = {"name": "cascade", "load": "kernel.js", "extension": "./kernel"}


def roots(app: Any) -> dict[str, tuple[str, ...]]:
    """By address: the folders in which its files are looked for, in order."""
    own = str(kit_folder("templates") / "voila" / "labextensions")
    return {
        STATIC: tuple(map(str, app.static_paths)),
        EXTENSIONS: (*map(str, app.labextensions_path), own),
    }


def version(folders: Iterable[str]) -> str:
    """Changes with any file in these folders."""
    digest = hashlib.sha256()
    for top in folders:
        for folder, inside, files in os.walk(top):
            inside.sort()
            for name in sorted(files):
                size = (Path(folder) / name).stat().st_size
                digest.update(f"{Path(folder, name).relative_to(top)} {size}\n".encode())
    return digest.hexdigest()[:12]


@cache
def _file(path: Path) -> File:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    content = path.read_bytes()
    packed = gzip.compress(content, 6, mtime=0) if kind.startswith(PACKED) else b""
    return File(content, packed, kind)


class VoilaFile(Answer):
    """``/voila/static/<version>/<path>``, ``/voila/labextensions/<version>/<path>``: for anybody,
    because everybody's are the same."""

    def initialize(self, folders: tuple[str, ...], version: str) -> None:
        self.folders, self.version = folders, version

    def get(self, version: str, name: str) -> None:
        path = self._path(name) if version == self.version else None
        if path is None:
            raise web.HTTPError(404)
        file = _file(path)
        self.set_header("Content-Type", file.type)
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")
        self.set_header("Vary", "Accept-Encoding")
        if file.packed and "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self.finish(file.packed)
        else:
            self.finish(file.content)

    def _path(self, name: str) -> Path | None:
        """The first of these, and nothing outside their folders."""
        for folder in self.folders:
            path = Path(os.path.normpath(Path(folder) / name))
            if path.is_relative_to(folder) and path.is_file():
                return path
        return None
