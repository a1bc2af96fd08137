"""Draws the iceberg.  A layer somebody wrote in is full; the rest is calm ice, never a gap."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from cascade_tools.draw.svg import WIDTH, drawing, lines_of, points, tag
from cascade_tools.model.iceberg import UP, WATER, Filled, fill, first_words
from cascade_tools.model.items import Layer
from cascade_tools.model.picture import Picture, Table

NAME = "iceberg"
TITLE = "Your iceberg"
NOTES = ("Deeper is not better. Useful depth is the depth that helped.",)
HEIGHT, SURFACE = 1072, 350

# The outline, left side from the peak down, then right side from the bottom up.
LEFT_SIDE = (
    (372, 112),
    (336, 150),
    (300, 166),
    (262, 214),
    (206, 244),
    (168, 306),
    (122, 350),
    (74, 408),
    (44, 484),
    (56, 580),
    (84, 660),
    (98, 736),
    (134, 812),
    (150, 886),
    (214, 952),
)
RIGHT_SIDE = (
    (330, 980),
    (452, 950),
    (506, 884),
    (526, 800),
    (548, 712),
    (556, 626),
    (580, 530),
    (564, 440),
    (536, 376),
    (512, 332),
    (492, 272),
    (452, 232),
    (436, 186),
    (404, 146),
)

# The floors of depths 1 to 4, left to right: broken like ice, not ruled.  The floor of depth 0
# is the water's surface; the deepest has none.
FLOORS = (
    ((0, 474), (180, 488), (390, 474), (640, 482)),
    ((0, 610), (230, 598), (420, 610), (640, 600)),
    ((0, 722), (200, 734), (430, 722), (640, 730)),
    ((0, 844), (240, 834), (420, 844), (640, 836)),
)
# Where each depth's words are centred (across, down), and how many characters fit in a line.
MIDDLES = (
    (336, 288, 16),
    (316, 424, 24),
    (312, 542, 24),
    (318, 668, 24),
    (322, 784, 24),
    (328, 896, 18),
)

# Faces of the ice: what makes it ice, full or not.
LIT = (
    ((372, 112), (336, 150), (300, 166), (262, 214), (316, 238), (352, 176)),
    ((168, 306), (122, 350), (74, 408), (132, 424), (196, 362)),
    ((44, 484), (56, 580), (84, 660), (132, 590), (100, 500)),
    ((98, 736), (134, 812), (150, 886), (196, 800), (150, 720)),
)
SHADED = (
    ((372, 112), (352, 176), (408, 262), (492, 272), (452, 232), (436, 186), (404, 146)),
    ((536, 376), (564, 440), (580, 530), (528, 500), (500, 420)),
    ((580, 530), (556, 626), (548, 712), (510, 640), (528, 500)),
    ((548, 712), (526, 800), (506, 884), (452, 950), (454, 860), (504, 770)),
)

# Colours from top to bottom where there is no style sheet.
PLAIN = {
    "sky": ("#f5f8f9", "#e2ebec"),
    "sea": ("#d6e2e4", "#9ab7bc"),
    "ice": ("#fafcfc", "#dae5e7"),
    "full": ("#0b5563", "#10404a"),
}

# The surface from left to right, and what rises through it when somebody comes back up.
SWELL = f"M0 {SURFACE}c40 -9 70 -9 107 0s70 9 107 0s70 -9 107 0s70 9 107 0s70 -9 107 0s70 9 105 0"
RISE = ("M600 590C628 450 628 280 598 140", "M578 164L597 136L622 156")
WAVES = ((2, 606), (24, 800), (566, 820), (548, 950), (60, 950))


def iceberg(layers: Sequence[Layer], answers: Mapping[str, str]) -> Picture:
    """``answers`` maps layer ids to what the person wrote; the table carries the whole words."""
    filled = fill(layers, answers)
    written = [f for f in filled if f.written]
    sentence = _sentence([f.layer.name for f in written])
    return Picture(
        name=NAME,
        title=TITLE,
        sentence=sentence,
        svg=_drawn(filled, sentence),
        table=Table(
            "Your own words, layer by layer",
            ("Layer", "What you wrote"),
            tuple((f.layer.name, f.words) for f in written),
        )
        if written
        else None,
        notes=NOTES,
    )


def _sentence(names: Sequence[str]) -> str:
    if not names:
        return "An iceberg in calm water."
    quoted = [f"“{name}”" for name in names]
    if len(quoted) == 1:
        return f"Your words are in {quoted[0]}."
    return f"Your words are in {', '.join(quoted[:-1])} and {quoted[-1]}."


def _drawn(filled: Sequence[Filled], sentence: str) -> str:
    outline = points(*LEFT_SIDE, *RIGHT_SIDE)
    full = [f for f in filled if f.written and f.layer.depth is not None]
    other = {f.layer.id: f for f in filled if f.written and f.layer.depth is None}
    inside = {"clip_path": f"url(#{_id('shape')})"}
    parts = [
        tag("clipPath", tag("polygon", points=outline), id=_id("shape")),
        *(_gradient(name, top, HEIGHT) for name, top in (("sky", 0), ("sea", SURFACE))),
        *(_gradient(name, SURFACE, 980) for name in ("ice", "full")),
        tag("rect", x=0, y=0, width=WIDTH, height=HEIGHT, class_="picture-sky", fill=_url("sky")),
        tag("path", d=f"{SWELL}V{HEIGHT}H0Z", class_="picture-sea", fill=_url("sea")),
        tag("polygon", points=outline, class_="picture-ice", fill=_url("ice")),
        tag("g", *(_full(f.layer.depth or 0) for f in full), **inside),
        tag("g", *_faces(), **inside),
        tag("polygon", points=outline, class_="picture-rim", fill="none", stroke="currentColor"),
        _stroke(SWELL, "picture-swell"),
    ]
    for one in full:
        x, y, most = MIDDLES[one.layer.depth or 0]
        parts.append(_words(one, x, y, "picture-on-ice", most))
    if UP in other:
        parts += [_stroke(d, "picture-rise") for d in RISE]
        parts.append(_words(other[UP], 24, 62, "picture-in-sky", anchor="start"))
    if WATER in other:
        waves = (f"M{x} {y}c10 -7 18 -7 28 0s18 7 28 0" for x, y in WAVES)
        parts += [_stroke(d, "picture-wave") for d in waves]
        parts.append(_words(other[WATER], WIDTH / 2, 1022, "picture-in-sea"))
    return drawing(NAME, TITLE, sentence, HEIGHT, *parts)


def _id(part: str) -> str:
    return f"picture-{NAME}-{part}"


def _url(part: str) -> str:
    return f"url(#{_id(part)})"


def _gradient(name: str, top: int, bottom: int) -> Markup:
    """From top to bottom.  The style sheet has the colours; these stand in where there is none."""
    stops = (
        tag("stop", offset=offset, class_=f"picture-{name}-{end}", stop_color=colour)
        for offset, end, colour in zip((0, 1), ("top", "bottom"), PLAIN[name], strict=True)
    )
    place = {"x1": 0, "x2": 0, "y1": top, "y2": bottom}
    return tag("linearGradient", *stops, id=_id(name), gradientUnits="userSpaceOnUse", **place)


def _stroke(path: str, class_: str) -> Markup:
    return tag("path", d=path, class_=class_, fill="none", stroke="currentColor")


def _full(depth: int) -> Markup:
    """One depth, from the floor above it to its own; the outline cuts it to the ice."""

    def along(floor: Sequence[tuple[int, int]]) -> str:
        return "L" + "L".join(f"{x} {y}" for x, y in floor)

    bottom = ((0, HEIGHT), (WIDTH, HEIGHT)) if depth > len(FLOORS) else FLOORS[depth - 1]
    if depth == 0:
        path = f"{SWELL}V0H0Z"
    elif depth == 1:
        path = f"{SWELL}{along(bottom[::-1])}Z"
    else:
        path = f"M{along(FLOORS[depth - 2])[1:]}{along(bottom[::-1])}Z"
    return tag("path", d=path, class_="picture-full", fill=_url("full"))


def _faces() -> list[Markup]:
    lit = [tag("polygon", points=points(*p), class_="picture-lit", fill="none") for p in LIT]
    return lit + [
        tag("polygon", points=points(*p), class_="picture-shaded", fill="none") for p in SHADED
    ]


def _words(
    filled: Filled, x: float, y: float, class_: str, most: int = 24, anchor: str = "middle"
) -> Markup:
    """A layer's name and the first few words written there, centred on the height ``y``."""
    lines = [(words, "picture-name") for words in lines_of(filled.layer.name, most)]
    lines.append((first_words(filled.words, most), "picture-first"))
    # Half a step up for every line after the first, and a little down to sit on the baseline.
    first = f"{0.34 - 0.61 * (len(lines) - 1):.2f}em"
    colour = "#fff" if class_ == "picture-on-ice" else "currentColor"
    spans = (
        tag(
            "tspan",
            words,
            x=x,
            dy="1.22em" if place else first,
            class_=f"{kind} {class_}",
            fill=colour,
        )
        for place, (words, kind) in enumerate(lines)
    )
    return tag("text", *spans, x=x, y=y, text_anchor=anchor, font_size=24)
