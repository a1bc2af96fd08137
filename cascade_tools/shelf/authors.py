"""What an author does with a workbook: start one, run one once, compare two."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from cascade_tools.errors import WorkbookFault
from cascade_tools.kit import kit_folder
from cascade_tools.model.people import Role
from cascade_tools.model.workbook import Workbook
from cascade_tools.shelf.cells import opening_source
from cascade_tools.shelf.faults import Fault, Faults
from cascade_tools.shelf.files import FOLDERS, WORKBOOK_ID, workbook_id
from cascade_tools.shelf.reading import check

SECONDS_A_CELL = 60
SECONDS_TO_START = 60
# Whom a new workbook is for, where its folder is not the name of one role.
FOR = {
    "pair": (Role.LEADER, Role.COACH),
    "cohort": (Role.LEADER, Role.COACH),
    "programme": (Role.LEAD,),
    "everyone": tuple(Role),
    "toolkit": tuple(Role),
}


def new(folder: Path, id: str, title: str = "") -> Path:
    """A new workbook in ``folder/<place>/<name>.ipynb``, from the empty one.

    Raises ``WorkbookFault`` when the id is not ``place/name`` or the file is there already.
    """
    if not WORKBOOK_ID.match(id):
        raise WorkbookFault(
            f'"{id}" cannot be the id of a workbook. Write a folder and a plain name, such as '
            f'"coach/after-i-coach". The folders are: {", ".join(FOLDERS)}.'
        )
    place, name = id.split("/")
    title = " ".join(title.split()) or name.replace("-", " ").capitalize()
    doc = json.loads((kit_folder("templates") / "new" / "workbook.ipynb").read_text("utf-8"))
    doc["metadata"]["title"] = title
    doc["metadata"]["cascade"]["for"] = list(map(str, FOR.get(place, (place,))))
    if place == "pair":
        doc["metadata"]["cascade"]["about"] = "pair"
    first, opening = doc["cells"][:2]
    _, _, rest = "".join(first["source"]).partition("\n")
    first["source"] = f"# {title}\n{rest}".splitlines(keepends=True)
    opening["source"] = opening_source(id, desk=False).splitlines(keepends=True)
    path = folder / f"{id}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(json.dumps(doc, indent=1, ensure_ascii=False) + "\n")
    except FileExistsError:
        raise WorkbookFault(f"{id}.ipynb is there already. Choose another name.") from None
    return path


def rehearse(path: Path) -> list[Fault]:
    """Runs a workbook once, from top to bottom, as a preview; nothing is saved.

    Returns what ``check`` finds, if anything; otherwise the cell that stopped.  An error's own
    text is never repeated: it may hold anything the author's machine holds.
    """
    path = Path(path)
    faults = check(path)
    if faults:
        return faults

    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = nbformat.read(path, as_version=4)
    stopped = Faults(f"{workbook_id(path)}.ipynb")
    at = [0]
    rehearsal = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=SECONDS_A_CELL,
        startup_timeout=SECONDS_TO_START,
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_start=lambda cell, cell_index: at.__setitem__(0, cell_index + 1),
    )
    try:
        # A ticket in the environment would make this a page; a rehearsal is always a preview.
        rehearsal.execute(env={k: v for k, v in os.environ.items() if not k.startswith("CASCADE_")})
    except CellExecutionError as error:
        name = error.ename if error.ename.isidentifier() else "an error"
        stopped.add(at[0], f"The cell stops with {name}. Run it in JupyterLab to see why.")
    except CellTimeoutError:
        stopped.add(at[0], f"The cell takes longer than {SECONDS_A_CELL} seconds. Let it do less.")
    except DeadKernelError:
        stopped.add(at[0], "The kernel died here. Run the cell in JupyterLab to see why.")
    except RuntimeError:
        stopped.add(0, "The kernel did not start. Run: python -m pip install ipykernel.")
    return stopped.sorted()


@dataclass(frozen=True, slots=True)
class Difference:
    """Keys that came, went, or ask something else than before, each in page order."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    reworded: tuple[str, ...]


def diff(old: Workbook, new: Workbook) -> Difference:
    """What a new version of a workbook does to the answers people have given."""
    before = {p.key: p for p in old.prompts}
    after = {p.key: p for p in new.prompts}
    return Difference(
        added=tuple(k for k in after if k not in before),
        removed=tuple(k for k in before if k not in after),
        reworded=tuple(k for k, p in after.items() if k in before and before[k].asked != p.asked),
    )
