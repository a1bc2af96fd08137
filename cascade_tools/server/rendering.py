"""What Voila makes anew for every page, made once.

Voila compiles its templates and reads the folders of JupyterLab's extensions for each page, which
takes longer than everything else a page needs of the server.  Neither changes while it runs.
"""

from typing import Any

import voila.handler
import voila.notebook_renderer
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from voila.exporter import VoilaExporter

_page_config = voila.handler.get_page_config


class _InMemory(BytecodeCache):
    """Compiled templates by their source, for as long as the server runs."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


class CompiledOnce(VoilaExporter):  # type: ignore[misc]
    """Voila's exporter, whose templates were compiled for an earlier page."""

    cache = _InMemory()

    def _create_environment(self) -> Environment:
        environment: Environment = super()._create_environment()
        environment.bytecode_cache = self.cache
        return environment


def make_once() -> None:
    """Put both into Voila's place.  Each app begins with a page configuration of its own."""
    kept: list[Any] = []

    def page_config(**values: Any) -> Any:
        # The renderer takes a deep copy of what it gets.
        if not kept:
            kept.append(_page_config(**values))
        return kept[0]

    voila.notebook_renderer.VoilaExporter = CompiledOnce
    voila.handler.get_page_config = page_config
