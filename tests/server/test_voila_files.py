"""Voila's own scripts: for good in the browser, and nothing beside them."""

import gzip
from pathlib import Path
from types import SimpleNamespace

import pytest
from tornado.httpclient import HTTPResponse
from tornado.testing import AsyncHTTPTestCase
from tornado.web import Application

from cascade_tools.server.voila_files import VoilaFile, version


class TestFiles(AsyncHTTPTestCase):
    """Two folders of scripts, and a secret beside them."""

    @pytest.fixture(autouse=True)
    def _folders(self, tmp_path: Path) -> None:
        for name in ("first", "second", "first-secret"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "voila.js").write_text(f"// {name}\n" * 50)
        (tmp_path / "second" / "more.js").write_text("// more")
        self.folders = (str(tmp_path / "first"), str(tmp_path / "second"))

    def get_app(self) -> Application:
        told = {"folders": self.folders, "version": "abc"}
        here = SimpleNamespace(https=False)
        return Application([(r"/files/([0-9a-f]+)/(.*)", VoilaFile, told)], cascade=here)

    def ask(self, path: str) -> HTTPResponse:
        return self.fetch(path, headers={"Accept-Encoding": "gzip"}, decompress_response=False)

    def test_a_script_is_sent_packed_and_kept_for_good(self) -> None:
        """Of two of the same name the first counts; the other folder has what is not there."""
        reply = self.ask("/files/abc/voila.js")
        assert "immutable" in reply.headers["Cache-Control"]
        assert reply.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(reply.body).startswith(b"// first\n")
        assert self.ask("/files/abc/more.js").code == 200
        plain = self.fetch("/files/abc/voila.js", decompress_response=False)
        assert plain.body.startswith(b"// first\n")


@pytest.mark.parametrize(
    "name", ["../first-secret/voila.js", "/etc/passwd", "..", "", "nothing.js", "a\0.js"]
)
def test_nothing_else_is_there(tmp_path: Path, name: str) -> None:
    """A name that climbs out of the folder finds nothing, nor does the folder itself."""
    for folder in ("first", "first-secret"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "voila.js").touch()
    files = VoilaFile.__new__(VoilaFile)
    files.folders = (str(tmp_path / "first"),)
    assert files._path(name) is None
    assert files._path("voila.js") is not None


def test_another_version_has_another_address(tmp_path: Path) -> None:
    """Browsers keep a file for good, so its address changes with it."""
    (tmp_path / "voila.js").write_text("one")
    before = version([str(tmp_path)])
    assert version([str(tmp_path)]) == before
    (tmp_path / "voila.js").write_text("another")
    assert version([str(tmp_path)]) != before
