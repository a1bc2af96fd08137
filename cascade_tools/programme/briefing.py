"""Supervision briefs from the operator's machine, as the supervisor they are for."""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from cascade_tools.errors import NotNow, NotPossible
from cascade_tools.model.brief import Brief
from cascade_tools.model.people import Person
from cascade_tools.programme.desks import Shown, identify
from cascade_tools.programme.folders import open_folder
from cascade_tools.settings import Folder
from cascade_tools.shelf import open_shelf

NAME = "supervision-brief"


def brief(
    folder: Path | str,
    as_: str,
    out: Path | str,
    *,
    coaches: Sequence[str] = (),
    word: bool = False,
    passphrase: str | None = None,
    code: str | None = None,
    ticket: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """Write one page for each coach of one supervisor, as PDF or as Word; returns the file.

    ``coaches`` are names; empty means all this person supervises.  ``out`` is a file ending in
    ``.pdf`` or ``.docx``, or a folder to put ``supervision-brief.pdf`` (``.docx``) into.
    ``progress`` is told after each coach how many of how many are read.  It takes that person's
    passphrase or a ticket, as ``open_programme`` does, and each author whose words stand in it
    finds a line in their log.

    Raises ``SettingsFault``, ``WrongPassphrase``, ``NotFound``, ``NotPossible`` or ``NotNow``.
    """
    from cascade_tools.draw.brief import brief_pdf
    from cascade_tools.draw.word import brief_word

    settings, records = open_folder(folder)
    try:
        supervisor = records.people.get(as_)
        mine = records.people.coaches_of(supervisor.id)
        chosen = _chosen(supervisor, mine, coaches)
        path = _file(Path(out), word)
        identify(settings, records, supervisor, Shown(passphrase, code, ticket))
        shelf = open_shelf(Folder(Path(folder)).local)

        def title_of(workbook_id: str) -> str:
            found = shelf.find(workbook_id)
            return found.title if found else "A workbook that is no longer used"

        made: list[Brief] = []
        for coach in chosen:
            made.append(records.briefs.of(supervisor, coach.id, title_of))
            if progress is not None:
                progress(len(made), len(chosen))
        _put(path, brief_word(made) if word else brief_pdf(made))
        return path
    finally:
        records.close()


def _chosen(supervisor: Person, mine: Sequence[Person], names: Sequence[str]) -> list[Person]:
    if not mine:
        raise NotPossible(f"{supervisor.name} supervises nobody now, so there is no brief to make.")
    by_name = {coach.name: coach for coach in mine}
    for name in names:
        if name not in by_name:
            raise NotPossible(
                f"{supervisor.name} does not supervise anybody called {name!r} now. "
                f"They supervise {', '.join(sorted(by_name))}."
            )
    return [by_name[name] for name in dict.fromkeys(names)] if names else list(mine)


def _file(out: Path, word: bool) -> Path:
    ending = ".docx" if word else ".pdf"
    if out.suffix.lower() in (".pdf", ".docx"):
        if out.suffix.lower() != ending:
            raise NotPossible(
                f"A {'Word' if word else 'PDF'} file ends in {ending}. Give --out another name, "
                f"or {'leave --word out' if word else 'add --word'}."
            )
        return out
    return out / f"{NAME}{ending}"


def _put(path: Path, content: bytes) -> None:
    """Whole or not at all, readable by its owner only."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".brief-", dir=path.parent) as aside:
            whole = Path(aside) / path.name
            whole.touch(mode=0o600)
            whole.write_bytes(content)
            whole.replace(path)
    except OSError as fault:
        raise NotNow(
            f"The file cannot be written at {path} ({fault.strerror or 'no reason given'}). Make "
            "room, close it if it is open, and try again."
        ) from fault
