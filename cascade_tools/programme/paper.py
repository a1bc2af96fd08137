"""Every workbook on paper, without a server."""

from pathlib import Path

from cascade_tools.draw.paper import paper_html, paper_style
from cascade_tools.draw.paper_index import paper_index
from cascade_tools.errors import NotNow
from cascade_tools.settings import Folder, Settings, read_settings
from cascade_tools.shelf import open_shelf


def write_paper(out: Path | str, folder: Path | str | None = None) -> list[Path]:
    """One HTML page for each workbook in ``out``, and ``index.html``, which comes first.

    With the ``folder`` of a programme its own workbooks, words and telephone numbers are used.
    A workbook with faults is left out, as it is when served.  Raises ``NotNow``.
    """
    settings: Settings | None = None
    local = None
    if folder is not None:
        place = Folder(Path(folder))
        settings, local = read_settings(place.toml), place.local
    workbooks = open_shelf(local).all()
    style = paper_style()
    pages = {Path("index.html"): paper_index(workbooks, style=style, programme=settings)}
    for workbook in workbooks:
        page = paper_html(workbook, style=style, programme=settings)
        pages[Path(f"{workbook.id}.html")] = page
    written = []
    try:
        for inside, text in pages.items():
            path = Path(out) / inside
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            written.append(path)
    except OSError as fault:
        raise NotNow(
            f"The pages cannot be written ({fault.strerror or 'no reason given'}). "
            "Name another folder with --out."
        ) from None
    return written
