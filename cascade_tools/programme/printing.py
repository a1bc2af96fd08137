"""Pages to print that hold something secret: for their owner alone, and never over anything."""

import os
import secrets
from pathlib import Path

from cascade_tools.errors import NotNow, SettingsFault


def write_page(path: Path, text: str) -> Path:
    """Write a page that appears whole or not at all, readable by its owner alone.

    Raises ``SettingsFault`` when something is there already, ``NotNow`` when it cannot be written.
    """
    aside = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        if path.exists():
            raise SettingsFault(f"{path} is there already. Name another file.")
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
        aside.rename(path)
    except OSError as fault:
        raise NotNow(
            f"{path.name} cannot be written ({fault.strerror or 'no reason given'}). "
            "Name another file with --out."
        ) from None
    finally:
        aside.unlink(missing_ok=True)
    return path
