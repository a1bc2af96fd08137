"""What is the same for everybody, whoever they are: whom to ring, and the kit's own files."""

from tornado import web

from cascade_tools.model.typed import day_in_words, day_of
from cascade_tools.server.answer import Answer
from cascade_tools.server.static import bundle


class HelpPage(Answer):
    """A page from ``programme.toml``."""

    def initialize(self, template: str) -> None:
        self.template = template

    def get(self) -> None:
        checked = day_of(self.serving.settings.checked_on)
        self.show(self.template, checked=day_in_words(checked) if checked else "")


class KitFile(Answer):
    """``/static/<version>/<file>``: the kit's own scripts and styles, kept by browsers for good."""

    def get(self, version: str, name: str) -> None:
        files = bundle()
        file = files.files.get(name)
        if version != files.version or file is None:
            raise web.HTTPError(404)
        self.set_header("Content-Type", f"{file.type}; charset=utf-8")
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")
        self.set_header("Vary", "Accept-Encoding")
        if "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self.finish(file.packed)
        else:
            self.finish(file.content)
