"""The only place that paints a chart dot by dot, for Word and other programs that read no SVG."""

from io import BytesIO
from xml.etree import ElementTree as ET  # nosec B405

from PIL import Image, ImageDraw, ImageFont

from casework.documents.charts.chart import Chart
from casework.documents.charts.drawing import GROUND, INK, SIZE

_SCALE = 4
"""Dots for each unit of the picture: some 300 to the inch where a document shows it."""
_SVG = "{http://www.w3.org/2000/svg}"
_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}
Given = dict[str, str]


def painted(chart: Chart) -> bytes:
    """The chart as a PNG; the same chart gives the same bytes. Its title and numbers are not in it."""
    drawn = ET.fromstring(chart.svg)  # nosec B314  # nobody but us drew it
    size = (_dots(drawn.attrib, "width"), _dots(drawn.attrib, "height"))
    image = Image.new("RGB", (round(size[0]), round(size[1])), GROUND)
    brush = ImageDraw.Draw(image)
    for mark in drawn:
        _paint(brush, mark.tag.removeprefix(_SVG), mark.attrib, mark.text or "")
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def _paint(brush: ImageDraw.ImageDraw, kind: str, given: Given, words: str) -> None:
    """Paint a mark of those that charts are drawn with; what tells of the picture is no mark."""
    if kind == "rect":
        _box(brush, given)
    elif kind == "line":
        _line(brush, given)
    elif kind == "text":
        weight = 1 if given.get("font-weight") == "bold" else 0
        place = (_dots(given, "x"), _dots(given, "y"))
        font = ImageFont.load_default(SIZE * _SCALE)
        anchor = _ANCHORS[given["text-anchor"]]
        brush.text(place, words, INK, font, anchor, stroke_width=weight)
    elif kind not in ("title", "desc"):
        raise ValueError(f"No chart is drawn with <{kind}>.")


def _box(brush: ImageDraw.ImageDraw, given: Given) -> None:
    left, top = _dots(given, "x"), _dots(given, "y")
    right, bottom = left + _dots(given, "width"), top + _dots(given, "height")
    if right - left >= 1 and bottom - top >= 1:
        border = round(_dots(given, "stroke-width")) if "stroke" in given else 0
        edges = (left, top, right - 1, bottom - 1)
        brush.rectangle(edges, given["fill"], given.get("stroke"), border)


def _line(brush: ImageDraw.ImageDraw, given: Given) -> None:
    """A line between two points, in dashes where it has them."""
    x1, y1, x2, y2 = (_dots(given, name) for name in ("x1", "y1", "x2", "y2"))
    length = max(abs(x2 - x1), abs(y2 - y1))
    on, off = map(float, given.get("stroke-dasharray", "1e9 0").split())
    start = 0.0
    while start < length:
        end = min(start + on * _SCALE, length)
        dash = tuple(
            (x1 + (x2 - x1) * at / length, y1 + (y2 - y1) * at / length) for at in (start, end)
        )
        brush.line(dash, given["stroke"], round(_dots(given, "stroke-width")))
        start = end + off * _SCALE


def _dots(given: Given, name: str) -> float:
    return float(given[name]) * _SCALE
