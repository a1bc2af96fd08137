"""A prompt in JupyterLab: the same control as on the page, saving nothing."""

from pathlib import Path
from typing import Any

import anywidget
import traitlets


class PromptView(anywidget.AnyWidget):  # type: ignore[misc]
    """Shows the finished HTML of one prompt; nothing a page sends is believed."""

    _esm = Path(__file__).parent / "static" / "prompt.js"
    _css = Path(__file__).parent / "static" / "prompt.css"
    html = traitlets.Unicode("").tag(sync=True)

    def __init__(self, key: str, html: str) -> None:
        self._key = key
        super().__init__(html=html)

    def __repr__(self) -> str:
        return f"PromptView({self._key})"

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """A preview has no state of its own."""
