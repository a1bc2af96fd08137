"""A picture of saved answers in a notebook, drawn again whenever something was saved."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from cascade_tools.errors import CascadeError

# Saves that arrive within this many seconds of each other are drawn together.
TOGETHER = 0.05


class PictureView(anywidget.AnyWidget):  # type: ignore[misc]
    """Shows the HTML that ``draw()`` makes, from the records and nothing else.

    ``draw`` may raise ``CascadeError`` or ``OSError`` while the records are out of reach: the
    last picture stays, marked ``stale``, and offers to be drawn again.

    ``html``, ``drawn`` (when, as ISO text) and ``stale`` only travel to the page.  The page may
    raise ``poke`` and nothing else; what number it sends means nothing.
    """

    _esm = Path(__file__).parent / "static" / "picture.js"
    html = traitlets.Unicode("").tag(sync=True)
    drawn = traitlets.Unicode("").tag(sync=True)
    stale = traitlets.Bool(False).tag(sync=True)
    poke = traitlets.Int(0).tag(sync=True)

    def __init__(self, name: str, draw: Callable[[], str]) -> None:
        self._name = name
        self._draw = draw
        self._waiting = False
        super().__init__()
        self.redraw()
        self.observe(self._poked, "poke")

    def __repr__(self) -> str:
        return f"PictureView({self._name})"

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Believes a page only that something was saved: any other trait is dropped, not echoed."""
        poke = sync_data.get("poke")
        if isinstance(poke, int) and not isinstance(poke, bool):
            super().set_state({"poke": poke})

    def redraw(self) -> None:
        """Asks the records and shows what they hold now."""
        self._waiting = False
        try:
            html = self._draw()
        except (CascadeError, OSError):
            self.stale = True
            return
        with self.hold_sync():
            self.html = html
            self.drawn = datetime.now(UTC).isoformat()
            self.stale = False

    def _poked(self, _change: object) -> None:
        """Draws soon, once for all pokes that are queued by then."""
        if self._waiting:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.redraw()
            return
        self._waiting = True
        loop.call_later(TOGETHER, self.redraw)
