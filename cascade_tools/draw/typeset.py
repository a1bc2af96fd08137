"""PDF files that a screen reader can read: a template of the kit, and words it is given as data.

Typst makes them, from ``templates/typst`` and with the fonts in ``templates/fonts`` alone: none of
the computer's own, no packages, no network.  They are PDF/UA-1 (ISO 14289-1): tagged, with a title
and a language, every picture with its words, every letter with a font.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from cascade_tools.errors import NotPossible
from cascade_tools.kit import kit_folder

if TYPE_CHECKING:
    import typst

STANDARD: Final = "ua-1"
FAMILIES = {
    *("Source Sans 3", "Source Serif 4", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Emoji"),
}
NO_LETTER = (
    "Somebody typed a sign that the kit's PDF fonts do not have. Choose Word or HTML instead: they "
    "show it as it was typed."
)
NO_FONT = (
    "A font that the PDF needs is missing from the kit. Install the kit again, or choose Word or "
    "HTML instead."
)


def pdf(template: str, data: Mapping[str, Any], *, title: str, lang: str = "en") -> bytes:
    """One PDF/UA-1 file.

    ``template`` is a name under ``templates/typst`` (``"brief.typ"``).  ``data`` is anything JSON
    can hold; it reaches the template as ``data`` of ``base.typ``, and nothing in it is ever read as
    Typst.  ``title`` is the document's own title and holds nobody's words; ``lang`` is a language
    tag such as ``"en"`` or ``"en-GB"``.

    Raises ``NotPossible`` when a letter has no font, a font of the kit is missing, or Typst warns
    of anything: what is handed on is whole or not there.  The sentence holds none of the words.
    """
    import typst

    language, _, region = lang.partition("-")
    folder = kit_folder("templates") / "typst"
    try:
        made, warnings = typst.compile_with_warnings(
            str(folder / template),
            root=str(folder),
            font_paths=_fonts(),
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=STANDARD,
            sys_inputs={
                "data": json.dumps(data),
                "title": title,
                "lang": language.lower(),
                "region": region.upper(),
            },
        )
    # What Typst says quotes the words it stumbled over: they must not reach a log with it.
    except typst.TypstError as error:
        raise _fault(template, error.message, error.diagnostic) from None
    for warning in warnings:
        raise _fault(template, warning.message, warning.diagnostic)
    assert made is not None
    return made


@cache
def _fonts() -> "typst.Fonts":
    """The shipped fonts and no others, read once.  Raises ``NotPossible`` when one is missing."""
    import typst

    shipped = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(kit_folder("templates") / "fonts")],
    )
    if FAMILIES - set(shipped.families()):
        raise NotPossible(NO_FONT)
    return shipped


def _fault(template: str, message: str, diagnostic: str) -> NotPossible:
    """What went wrong, in a sentence that quotes nothing."""
    if "could not be displayed" in message or "disallowed codepoint" in message:
        return NotPossible(NO_LETTER)
    if "unknown font family" in message:
        return NotPossible(NO_FONT)
    place = re.search(r"[\w-]+\.typ:\d+", diagnostic)
    said = re.sub(r"`.*`|\".*\"", "…", message.partition(":")[0], flags=re.S)
    return NotPossible(
        f"The PDF could not be made ({place.group() if place else template}: {said}). Choose Word "
        "or HTML instead, and tell whoever looks after the kit."
    )
