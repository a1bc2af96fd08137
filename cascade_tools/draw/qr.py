"""A QR code as a drawing that needs nothing from anywhere."""

import io

import segno
from markupsafe import Markup


def qr(text: str, *, fills: bool = False) -> Markup:
    """``text`` as an SVG to put into a page; where it ``fills`` its place, as large as that.

    The quiet zone is wide and repair plenty: paper is folded and photographed in kitchens.
    """
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn, kind="svg", scale=4, border=4, xmldecl=False, svgns=True, nl=False,
        svgclass=None, lineclass=None, dark="#000", light="#fff", omitsize=fills,
    )  # fmt: skip
    return Markup(drawn.getvalue().decode())  # noqa: S704 - segno writes paths only
