"""Where the kit's own files are: workbooks, templates and data.

In a wheel they lie inside the package; in a checkout, beside it.
"""

from functools import cache
from pathlib import Path

from cascade_tools.errors import SettingsFault


@cache
def kit_folder(name: str) -> Path:
    """The kit's folder ``"workbooks"``, ``"templates"`` or ``"data"``.

    Raises ``SettingsFault`` when the installation is incomplete.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "kit" / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise SettingsFault(
        f"The kit's {name} folder is missing. Install again: python -m pip install cascade-tools"
    )
