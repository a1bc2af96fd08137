"""PDF files: readable with a screen reader, and holding words only as words."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from cascade_tools.draw import typeset
from cascade_tools.errors import NotPossible
from cascade_tools.kit import kit_folder

PLAIN = '#import "base.typ": *\n#show: kit.with(foot: "A test")\n= #data.head\n#said(data.words)\n'
LINE = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 200 20'><path d='M0 9h99'/></svg>"
HOSTILE = '#emph[x] = $ * _ ` \\ #sys.inputs <a> @b // /* "]) #read("base.typ")'


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the kit's templates for PDF and its fonts, to add to and take from."""
    for name in ("typst", "fonts"):
        shutil.copytree(kit_folder("templates") / name, tmp_path / name)
    monkeypatch.setattr(typeset, "kit_folder", lambda name: tmp_path)
    typeset._fonts.cache_clear()
    yield tmp_path
    typeset._fonts.cache_clear()


def made(templates: Path, source: str = PLAIN, *, lang: str = "en-GB", **data: Any) -> PdfReader:
    (templates / "typst" / "try.typ").write_text(source, encoding="utf-8")
    values = {"head": "A heading", "words": "Words.", **data}
    return PdfReader(io.BytesIO(typeset.pdf("try.typ", values, title="A title", lang=lang)))


def read(pdf: PdfReader) -> str:
    """Its text, without the places where a long word may break."""
    return "".join(page.extract_text() for page in pdf.pages).replace("\u200b", "")


def test_a_screen_reader_can_read_it(templates: Path) -> None:
    """A PDF says that it is PDF/UA-1; it is tagged, and has a title, a language and bookmarks."""
    pdf = made(templates)
    root = pdf.root_object
    xmp = pdf.xmp_metadata.stream.get_data().decode() if pdf.xmp_metadata else ""
    assert "pdfuaid" in xmp and "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root
    assert str(root["/Lang"]).lower() == "en-gb"
    assert pdf.metadata is not None and pdf.metadata.title == "A title"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert [entry["/Title"] for entry in pdf.outline] == ["A heading"]  # type: ignore[call-overload]


def test_every_font_is_one_of_ours_and_inside(templates: Path) -> None:
    """Fonts are embedded, and none comes from the computer it was made on."""
    pdf = made(templates, words="Ł ğ Ω Ж −3 → ✓ مرحبا שלום 👍🏽 🧩")
    ours = {path.stem.replace("_", "-") for path in (templates / "fonts").glob("*.ttf")}
    for font in pdf.pages[0]["/Resources"]["/Font"].values():  # type: ignore[index]
        inner = font.get_object()["/DescendantFonts"][0].get_object()
        assert str(inner["/BaseFont"]).partition("+")[2] in ours
        assert "/FontFile2" in inner["/FontDescriptor"].get_object()


def test_what_somebody_wrote_is_only_words(templates: Path) -> None:
    """Signs that mean something to Typst stand in the PDF as they were typed."""
    assert HOSTILE in " ".join(read(made(templates, words=HOSTILE)).split())


def test_a_word_as_long_as_the_page_stays_on_it(templates: Path) -> None:
    """A word without an end is broken within the margins, and is all there."""
    pdf = made(templates, words="a" * 700)
    assert read(pdf).replace("\n", "").count("a") >= 700
    ends: list[float] = []
    pdf.pages[0].extract_text(
        visitor_text=lambda text, _, at, *__: ends.append(at[4]) if "a" in text else None
    )
    assert ends and max(ends) < 595 - 50


def test_a_letter_without_a_font_is_refused(templates: Path) -> None:
    """What the fonts cannot show is never left out: the sentence names Word, and quotes nothing."""
    for words in ("private 你好", "private \ue000", "private \x07", "private \x00"):
        with pytest.raises(NotPossible, match="Word") as caught:
            made(templates, words=words)
        assert "private" not in str(caught.value) and "你" not in str(caught.value)
        assert caught.value.__cause__ is None and caught.value.__suppress_context__


def test_a_missing_font_is_an_error(templates: Path) -> None:
    """Without one of its fonts no PDF is made, and none in another font."""
    with pytest.raises(NotPossible, match="font that the PDF needs is missing"):
        made(templates, PLAIN.replace("= #data", '#set text(font: "Helvetica")\n= #data'))
    for path in (templates / "fonts").glob("SourceSans3*"):
        path.unlink()
    typeset._fonts.cache_clear()
    with pytest.raises(NotPossible, match="font that the PDF needs is missing"):
        made(templates)


def test_a_template_that_is_wrong_says_where(templates: Path) -> None:
    """A mistake of a template names its line, and no word of the data."""
    with pytest.raises(NotPossible, match=r"try\.typ:3") as caught:
        made(templates, PLAIN.replace("data.head", "panic(data.head)"), head="private words")
    assert "private" not in str(caught.value)


def test_a_chart_has_its_words(templates: Path) -> None:
    """A chart needs a sentence; its letters come from the shipped fonts, or it is refused."""
    source = PLAIN + "#picture(data.svg, data.sentence)\n"
    pdf = made(templates, source, svg=LINE, sentence="A line goes up.")
    assert _alt(pdf) == ["A line goes up."]
    with pytest.raises(NotPossible):
        made(templates, source, svg=LINE, sentence="")


def _alt(pdf: PdfReader) -> list[str]:
    """The words of every picture, from the tags."""
    found: list[str] = []

    def walk(node: Any) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif hasattr(node, "get"):
            if "/Alt" in node:
                found.append(str(node["/Alt"]))
            if "/K" in node:
                walk(node["/K"])

    walk(pdf.root_object["/StructTreeRoot"]["/K"])
    return found


def test_no_template_fetches_anything() -> None:
    """Templates import the kit's own files alone: a package would come over the network."""
    for path in (kit_folder("templates") / "typst").glob("*.typ"):
        text = path.read_text(encoding="utf-8")
        assert "@preview" not in text and "@local" not in text and "http" not in text
    assert sum(p.stat().st_size for p in (kit_folder("templates") / "fonts").iterdir()) < 3_000_000
