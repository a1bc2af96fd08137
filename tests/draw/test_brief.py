"""A brief on paper: one page, cut at whole answers, and words as they were typed."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from cascade_tools.draw.brief import TITLE, brief_pdf, sheet
from cascade_tools.draw.word import brief_word, fitted
from cascade_tools.errors import NotPossible
from cascade_tools.model.brief import Brief, Promise, Quiet, Said
from cascade_tools.model.seen import CoachSeen, PairSeen

TODAY, MET, ON = date(2026, 11, 22), date(2026, 10, 12), date(2026, 11, 15)
HOSTILE = {
    "typst": '#panic("x") $x$ *b* _i_ = head @ref <lab> // no /* no */ `raw` \\ #{',
    "xml": '<w:br/> </w:t> &amp; ]]> <?xml version="1.0"?>',
    "an endless word": "Donaudampfschiff" * 60,
    "from the right": "שלום, אני רוצה לדבר על הוועד. مرحبا بك",
    "emoji": "Tired 🙂 👍🏽 👩‍👩‍👧 🧩 ✓ → −3 ½",
    "accents": "Łukasz, Şengül, Ἀθήνα, Київ, ế",
}


def said(words: str, question: str = "What do I want?") -> Said:
    return Said(question, words, "Getting ready for supervision", "", ON, "0" * 32)


def promise(n: int, *, over: bool = False) -> Promise:
    return Promise(
        f"Promise {n} kept", "The coach", ON, "Done" if over else "Planned", over, MET, ""
    )


def brief(*brings: Said, promises: Sequence[Promise] = (), name: str = "Amina Coachfield") -> Brief:
    pair = PairSeen("the carers’ charity", 2, 5, date(2026, 12, 3), None)
    coach = CoachSeen(
        *("a" * 32, name, "01632 960101", date(2026, 1, 5), (pair,), None, None, MET),
        *(date(2026, 12, 1), 3, {"coach": 1}, (), 4),
    )
    quiet = (Quiet("the youth project", None),)
    return Brief(
        *(coach, TODAY, MET, ("Board or trustees",), (), tuple(promises), brings),
        *(quiet, (Quiet("Conflict", date(2026, 8, 3)),)),
    )


def pdf_of(*briefs: Brief) -> PdfReader:
    return PdfReader(io.BytesIO(brief_pdf(briefs)))


def word_of(*briefs: Brief) -> Any:
    return Document(io.BytesIO(brief_word(briefs)))


def text_of(pdf: PdfReader) -> str:
    whole = " ".join(page.extract_text() for page in pdf.pages).replace("\u200b", "")
    return " ".join(whole.split())


def words_of(document: Any) -> list[str]:
    """Every paragraph of a Word file, and every cell."""
    cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
    return [p.text for p in document.paragraphs] + cells


class TestPdf:
    def test_it_names_language_and_title_and_no_person(self) -> None:
        """The file says what it is and in which language, is tagged and PDF/UA-1, and carries no
        coach's name where programs list files; coaches are its bookmarks."""
        pdf = pdf_of(brief(name="Amina Coachfield"), brief(name="Beth Coachfield"))
        assert pdf.metadata is not None and pdf.metadata.title == TITLE
        assert pdf.metadata.author is None
        assert str(pdf.root_object["/Lang"]).lower() == "en-gb"
        assert pdf.root_object["/MarkInfo"]["/Marked"]
        assert pdf.xmp_metadata is not None
        xmp = pdf.xmp_metadata.stream.get_data().decode()
        assert "<pdfuaid:part>1</pdfuaid:part>" in xmp and "Coachfield" not in xmp
        tops = [e["/Title"] for e in pdf.outline if not isinstance(e, list)]
        assert tops == ["Amina Coachfield", "Beth Coachfield"]
        assert len(pdf.pages) == 2

    def test_headings_tables_and_lists_are_tagged(self) -> None:
        """What looks like a heading, a table's head or a list is one for a screen reader."""
        pdf = pdf_of(brief(said("Words"), promises=[promise(1)]))
        kinds: list[str] = []

        def walk(node: Any) -> None:
            node = node.get_object()
            if isinstance(node, list):
                for child in node:
                    walk(child)
            elif hasattr(node, "get"):
                kinds.append(str(node.get("/S", "")))
                if "/K" in node:
                    walk(node["/K"])

        walk(pdf.root_object["/StructTreeRoot"]["/K"])
        assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L", "/LI", "/P"} <= set(kinds)
        assert kinds.count("/H2") == 4 and kinds.count("/TH") == 4

    @pytest.mark.parametrize("kind", HOSTILE)
    def test_words_stand_as_they_were_typed(self, kind: str) -> None:
        """Whatever signs somebody types, they are words on one page."""
        words = HOSTILE[kind]
        pdf = pdf_of(brief(said(words)))
        assert len(pdf.pages) == 1
        text = text_of(pdf)
        if kind == "from the right":
            assert all(word.strip(".,") in text for word in words.split())
        elif kind == "an endless word":
            assert words in text.replace(" ", "")
        else:
            assert words in text

    def test_what_does_not_fit_is_left_out_whole_and_counted(self) -> None:
        """A page holds whole answers alone, the first ones first; how many more there are stands
        under each part."""
        many = [said(f"Start{n} " + "and so on " * 40 + f"stop{n}") for n in range(30)]
        promises = [promise(n, over=n > 2) for n in range(20)]
        pdf = pdf_of(brief(*many, promises=promises))
        assert len(pdf.pages) == 1
        text = text_of(pdf)
        here = [n for n in range(30) if f"Start{n} " in text]
        assert here[:4] == [0, 1, 2, 3] and len(here) < 12
        assert all(f"stop{n}" in text for n in here)
        assert f"and {30 - len(here)} more in the kit" in text
        assert all(f"Promise {n} kept" in text for n in range(3))
        assert "Board or trustees" in text and "The youth project: nothing shared yet." in text

    def test_an_answer_longer_than_a_page_makes_no_page(self) -> None:
        """One endless answer is left out and counted; the shorter one after it stands."""
        pdf = pdf_of(brief(said("so much " * 9000), said("Short one")))
        text = text_of(pdf)
        assert len(pdf.pages) == 1
        assert "so much" not in text and "Short one" in text and "and 1 more in the kit" in text
        assert "1 more in the kit" in text_of(pdf_of(brief(said("so much " * 9000))))

    def test_long_names_and_labels_leave_it_one_page(self) -> None:
        """However long names, labels and themes are, and however many, a coach is one page."""
        one = brief(said("Words " * 50), promises=[promise(n) for n in range(20)])
        pairs = tuple(PairSeen("L" * 150 + str(n), 2, 5, TODAY, None) for n in range(6))
        coach = replace(one.coach, name="N" * 100, pairs=pairs)
        leaders = tuple(Quiet(pair.label, None) for pair in pairs)
        themes = tuple(f"Theme {n}" for n in range(18))
        full = replace(one, coach=coach, leaders=leaders, themes=themes)
        pdf = pdf_of(full, brief())
        assert len(pdf.pages) == 2
        assert "Amina Coachfield" in pdf.pages[1].extract_text()

    def test_nothing_shared_is_said_kindly(self) -> None:
        """An empty brief says that sharing is the coach's to choose."""
        assert "That may be fine: sharing is theirs to choose." in text_of(pdf_of(brief()))

    def test_a_letter_without_a_font_names_word(self) -> None:
        """What no shipped font has is refused with a sentence that names Word."""
        with pytest.raises(NotPossible, match="Choose Word"):
            brief_pdf([brief(said("你好"))])


class TestWord:
    def test_it_has_real_headings_tables_language_and_title(self) -> None:
        """Word's own navigation finds coaches and parts; the first row of a table is its head; the
        table has words for who cannot see it; the file names language and title, and nobody."""
        document = word_of(
            brief(said("Words"), promises=[promise(1)]), brief(name="Beth Coachfield")
        )
        tops = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
        assert tops == ["Amina Coachfield", "Beth Coachfield"]
        assert len([p for p in document.paragraphs if p.style.name == "Heading 2"]) == 8
        (table,) = document.tables
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert [c.text for c in table.rows[0].cells] == ["What", "Who", "By when", "How it stands"]
        told = table._tbl.tblPr.find(qn("w:tblDescription"))
        assert told.get(qn("w:val")).startswith("1 action:")
        about = document.core_properties
        assert (about.title, about.language, about.author) == (TITLE, "en-GB", "")
        style = document.styles["Normal"].element
        assert [e.get(qn("w:val")) for e in style.iter(qn("w:lang"))] == ["en-GB"]
        second = next(p for p in document.paragraphs if p.text == "Beth Coachfield")
        assert second.paragraph_format.page_break_before

    @pytest.mark.parametrize("kind", [*HOSTILE, "other letters", "no letters"])
    def test_words_stand_as_they_were_typed(self, kind: str) -> None:
        """Whatever signs somebody types, the file is sound and has them; what no file of Word may
        hold is shown as the sign for that."""
        others = {"other letters": "你好 नमस्ते", "no letters": "a\x00b\x07c\ud800d"}
        words = (HOSTILE | others)[kind]
        made = brief_word([brief(said(words, question="One\x0bline"))])
        with zipfile.ZipFile(io.BytesIO(made)) as whole:
            for name in whole.namelist():
                if name.endswith(".xml"):
                    ElementTree.fromstring(whole.read(name))  # noqa: S314 - our own file
        wanted = "a\ufffdb\ufffdc\ufffdd" if kind == "no letters" else words
        assert any(wanted in paragraph for paragraph in words_of(Document(io.BytesIO(made))))

    def test_lines_stay_lines(self) -> None:
        """A break that somebody typed stays one."""
        (paragraph,) = [p for p in word_of(brief(said("One\nTwo"))).paragraphs if "Two" in p.text]
        assert paragraph.text.endswith("\nOne\nTwo")

    def test_what_does_not_fit_is_left_out_whole_and_counted(self) -> None:
        """As on the PDF; what a page of Word holds is reckoned with something to spare."""
        many = [said(f"Start{n} " + "and so on " * 40 + f"stop{n}") for n in range(30)]
        one = sheet(brief(*many))
        here = fitted(one)[0]
        assert [item.words.split()[0] for item in here][:4] == [f"Start{n}" for n in range(4)]
        assert len(here) < 10
        text = "\n".join(words_of(word_of(brief(*many))))
        assert text.count("Start") == text.count("stop") == len(here)
        assert f"and {30 - len(here)} more in the kit" in text
