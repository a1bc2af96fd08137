"""Small pieces of SVG, escaped as they are put together.

Only classes and presentation attributes: no style, no script, so that any page's content
security policy allows them.  Colours and text sizes are in ``templates/static/picture.css``.
Lengths are in units of a drawing 640 wide.
"""

from collections.abc import Sequence
from textwrap import wrap

from markupsafe import Markup, escape

WIDTH = 640

Number = int | float


def tag(name: str, *inside: str, **attributes: str | Number) -> Markup:
    """One element.  ``class_`` and ``aria_hidden`` become ``class`` and ``aria-hidden``.

    Text inside is escaped; ``Markup`` inside (other elements) is kept.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_written(value)}"'
        for key, value in attributes.items()
    )
    body = "".join(map(escape, inside))
    ends = f">{body}</{name}>" if body else "/>"
    return Markup(f"<{name}{written}{ends}")  # noqa: S704 - each part was escaped above


def _written(value: str | Number) -> str:
    return escape(value) if isinstance(value, str) else f"{round(value, 1):g}"


def drawing(name: str, title: str, sentence: str, height: Number, *inside: str) -> str:
    """A whole drawing: an image to a screen reader, named by its title and sentence.

    ``name`` makes the ids unique on a page.
    """
    return str(
        tag(
            "svg",
            tag("title", title, id=f"picture-{name}-title"),
            tag("desc", sentence, id=f"picture-{name}-desc"),
            *inside,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {WIDTH} {height:g}",
            width="100%",
            class_="picture-svg",
            role="img",
            aria_labelledby=f"picture-{name}-title picture-{name}-desc",
            fill="currentColor",
        )
    )


def text(
    x: Number, y: Number, lines: Sequence[str], class_: str, anchor: str = "start", size: int = 24
) -> Markup:
    """Lines of text, the first on ``y``.  Steps are in em, so that CSS may change the size."""
    spans = (
        tag("tspan", line, x=x, dy="1.22em" if place else 0) for place, line in enumerate(lines)
    )
    return tag("text", *spans, x=x, y=y, class_=class_, text_anchor=anchor, font_size=size)


def line(x1: Number, y1: Number, x2: Number, y2: Number, class_: str) -> Markup:
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_, stroke="currentColor")


def lines_of(words: str, most: int) -> list[str]:
    """Words broken into lines of at most ``most`` characters, as even as they can be."""
    flat = " ".join(words.split())
    broken = wrap(flat, most)
    if len(broken) < 2:
        return broken
    narrow = most
    while narrow > 1 and len(wrap(flat, narrow - 1)) == len(broken):
        narrow -= 1
    return wrap(flat, narrow)


def points(*places: tuple[Number, Number]) -> str:
    """The ``points`` of a polygon or a polyline."""
    return " ".join(f"{round(x, 1):g},{round(y, 1):g}" for x, y in places)
