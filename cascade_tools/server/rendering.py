"""What Voila makes anew for every page, made once.

Voila compiles its templates and reads the folders of JupyterLab's extensions for each page, which
takes longer than everything else a page needs of the server.  Neither changes while it runs.
"""

import time
from collections.abc import Mapping
from pathlib import Path
from queue import Empty
from typing import Any, ClassVar

import nbformat
import voila.handler
import voila.notebook_renderer
from jinja2 import Environment
from jinja2.utils import htmlsafe_json_dumps
from jupyter_server.services.contents.largefilemanager import LargeFileManager
from nbformat import NotebookNode
from voila.execute import VoilaExecutor
from voila.exporter import VoilaExporter

from cascade_tools.server.voila_files import EXTENSIONS, STATIC, WAITS, version

AGAIN_SECONDS = 1
_page_config = voila.handler.get_page_config


class HeardAtOnce(VoilaExecutor):  # type: ignore[misc]
    """Voila's executor, which begins when the kernel is heard.

    The library waits for a fifth of a second in which the kernel says nothing, so that nothing it
    says later is missed.  A first word from it shows the same.
    """

    async def async_start_new_kernel_client(self) -> Any:
        self.kc = self.km.client()
        self.kc.allow_stdin = False
        # It is asked and listened to; it has nobody to ask, and its process says when it ends.
        self.kc.start_channels(stdin=False, hb=False, control=False)
        ended = time.monotonic() + self.startup_timeout
        while not await self._heard():
            if time.monotonic() > ended or not await self.km.is_alive():
                self.kc.stop_channels()
                raise RuntimeError("the kernel did not answer")
        return self.kc

    async def _heard(self) -> bool:
        """Whether both the answer to a question and the word that goes to all have come."""
        self.kc.kernel_info()
        try:
            await self.kc.get_iopub_msg(timeout=AGAIN_SECONDS)
            await self.kc.get_shell_msg(timeout=AGAIN_SECONDS)
        except Empty:
            return False
        return True


class CompiledOnce(VoilaExporter):  # type: ignore[misc]
    """Voila's exporter, whose templates were read and compiled for an earlier page."""

    _made: ClassVar[dict[tuple[str, ...], Environment]] = {}

    def _create_environment(self) -> Environment:
        folders = tuple(map(str, self.template_paths))
        if folders not in self._made:
            self._made[folders] = super()._create_environment()
        return self._made[folders]

    def _init_preprocessors(self) -> None:
        """None: what they would change is for words and for print."""
        self._preprocessors: list[Any] = []

    def _preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        return nb, resources


class ReadOnce(LargeFileManager):  # type: ignore[misc]
    """Notebooks of one folder as Voila asks for them, each read again when it has changed.

    Everybody gets the same one: whoever changes anything in it makes their own.
    """

    _read: ClassVar[dict[Path, tuple[int, NotebookNode]]] = {}

    def get(self, path: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
        file = Path(self.root_dir) / path
        changed = file.stat().st_mtime_ns
        if self._read.get(file, (0, None))[0] != changed:
            self._read[file] = changed, nbformat.read(file, as_version=4)
        return {"type": "notebook", "path": path, "content": self._read[file][1]}


def make_once(roots: Mapping[str, tuple[str, ...]]) -> None:
    """Put all this into Voila's place.  Each app begins with a page configuration of its own, in
    which its files, from these folders by address, have a version."""
    kept: list[Any] = []

    def page_config(**values: Any) -> Any:
        # The renderer takes a deep copy of what it gets.
        if not kept:
            base, config = values["base_url"], _page_config(**values)
            config["fullStaticUrl"] = f"{base}{STATIC}/{version(roots[STATIC])}"
            config["fullLabextensionsUrl"] = f"{base}{EXTENSIONS}/{version(roots[EXTENSIONS])}"
            config["federated_extensions"].append(WAITS)
            kept.append(config)
        return kept[0]

    voila.notebook_renderer.VoilaExporter = CompiledOnce
    voila.notebook_renderer.VoilaExecutor = HeardAtOnce
    voila.handler.get_page_config = page_config


def page_head(handler: Any) -> str:
    """What Voila's script needs before there is a kernel: its configuration and its address."""
    config = voila.handler.get_page_config(
        base_url=handler.base_url,
        settings=handler.settings,
        log=handler.log,
        voila_configuration=handler.voila_configuration,
    )
    told: dict[str, Any] = {
        "jupyter-config-data": {**config, "baseUrl": handler.base_url},
        "voila-script": f"{config['fullStaticUrl']}/voila.js",
    }
    scripts = "".join(
        f'<script id="{id}" type="application/json">{htmlsafe_json_dumps(one)}</script>'
        for id, one in told.items()
    )
    return f'<!DOCTYPE html><html lang="en-GB"><head><title>Pictures</title>{scripts}</head>'
