"""The only place that writes SVG: elements, words and boxes, by presentation attributes alone."""

from html import escape

from workflows.diagram_layout import LINE, SMALL_LINE, Box

INK, PAPER, SHADE, WIRE = "#0b0c0c", "#ffffff", "#f3f2f1", "#505a5f"
Attributes = dict[str, str | float]


def plain(words: str) -> str:
    """Words as an element may hold them."""
    return escape(words, quote=False)


def tag(element: str, content: str = "", **attributes: str | float) -> str:
    """One element; `_` in an attribute's name stands for `-`. The content is markup already."""
    written = "".join(
        f' {name.replace("_", "-")}="{escape(str(value))}"' for name, value in attributes.items()
    )
    return f"<{element}{written}>{content}</{element}>"


def arrowhead(name: str) -> str:
    """The marker that ends a wire, under the id `name`."""
    head = tag("path", d="M0 0 8 4 0 8Z", fill=WIRE)
    return tag(
        "marker", head, id=name, markerWidth=8, markerHeight=8, refX=8, refY=4, orient="auto"
    )


def small_words(lines: tuple[str, ...], x: float, bottom: float, **attributes: str | float) -> str:
    """Lines of small text whose last stands on `bottom`, with a halo where a wire passes."""
    top = bottom - SMALL_LINE * (len(lines) - 1)
    spans = "".join(
        tag("tspan", plain(line), x=x, y=top + SMALL_LINE * at) for at, line in enumerate(lines)
    )
    halo: Attributes = {"stroke": PAPER, "stroke_width": 4, "paint_order": "stroke"}
    return tag("text", spans, fill=INK, font_size=12, **halo, **attributes)


def drawn_state(box: Box) -> str:
    """A state as a box: round corners while open; thick and marked in words when present."""
    lines = [(line, 14, "bold") for line in box.label]
    lines += [("(now)", 14, "bold")] if box.is_present else []
    lines += [(line, 12, "normal") for line in box.note]
    heights = [LINE if size == 14 else SMALL_LINE for _, size, _ in lines]
    baseline = box.middle - sum(heights) / 2 - 4
    drawn = []
    for (words, size, weight), height in zip(lines, heights, strict=True):
        baseline += height
        place: Attributes = {
            "x": box.centre,
            "y": baseline,
            "font_size": size,
            "font_weight": weight,
        }
        drawn.append(tag("text", plain(words), text_anchor="middle", fill=INK, **place))
    frame = tag(
        "rect",
        x=box.x,
        y=box.y,
        width=box.width,
        height=box.height,
        rx=0 if box.state.is_closed else 10,
        fill=SHADE if box.state.is_closed else PAPER,
        stroke=INK,
        stroke_width=5 if box.is_present else 1.5,
    )
    marks = " workflow-diagram__state--present" if box.is_present else ""
    return tag("g", frame + "".join(drawn), **{"class": f"workflow-diagram__state{marks}"})
