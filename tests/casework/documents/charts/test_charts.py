"""Charts tell their numbers: in the table, in the labels and as lengths, whatever the numbers are."""

import re
from datetime import date
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pytest
from defusedxml import ElementTree  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from casework.documents import charts
from casework.documents.charts import Category, Chart, Month
from casework.documents.charts.drawing import BLUE, GROUND, INK, PLUM, SIZE, WIDTH, Label
from casework.documents.charts.scale import scale

STYLES = Path(__file__).parents[4] / "casework" / "static" / "charts.css"
SVG = "{http://www.w3.org/2000/svg}"


class Mark(NamedTuple):
    """A mark with what it tells: its number, and its box."""

    number: float
    x: float
    y: float
    width: float
    height: float


def counts(most: int = 10**7) -> st.SearchStrategy[int]:
    return st.one_of(st.just(0), st.integers(0, 9), st.integers(0, 150), st.integers(0, most))


@st.composite
def some_months(draw: st.DrawFn) -> list[Month]:
    start = draw(st.integers(2020 * 12, 2027 * 12))
    each = counts(draw(st.sampled_from([0, 9, 60, 1000, 10**7])))
    numbers = draw(st.lists(st.tuples(each, each, each), max_size=60))
    return [
        Month(date(rank // 12, rank % 12 + 1, 1), *three, is_part=draw(st.booleans()))
        for rank, three in enumerate(numbers, start)
    ]


DAYS = st.lists(counts(5_000), max_size=60)
TARGETS = st.integers(1, 60)
WORDS = st.text(st.sampled_from("ABmiW ,<&’"), min_size=1, max_size=70).filter(str.strip)


@st.composite
def some_categories(draw: st.DrawFn) -> list[Category]:
    found = []
    for label in draw(st.lists(WORDS, max_size=12)):
        upheld, valid, received = sorted(draw(st.tuples(counts(), counts(), counts())))
        found.append(Category(label, received, valid, upheld))
    return found


WAITING = st.lists(st.tuples(WORDS, st.integers(0, 9999).map(lambda n: n / 10)), max_size=5)
ALL_KINDS = st.one_of(
    some_months().map(partial(charts.received_and_decided, basis="As they stood.")),
    some_months().map(charts.backlog),
    st.builds(charts.ageing, DAYS, TARGETS, counts()),
    st.builds(charts.time_to_decide, DAYS, st.none() | TARGETS),
    some_categories().map(charts.by_category),
    st.builds(charts.where_time_went, counts(), st.just(999.9), WAITING),
)


def marks_of(chart: Chart) -> list[Mark]:
    found = []
    for box in ElementTree.fromstring(chart.svg).iter(f"{SVG}rect"):
        told = box.find(f"{SVG}title")
        if told is not None:
            number = re.search(r"([0-9,.]+) [a-z ]+$", told.text)
            assert number
            place = (float(box.get(name)) for name in ("x", "y", "width", "height"))
            found.append(Mark(float(number[1].replace(",", "")), *place))
    return found


def labels_of(chart: Chart) -> list[Label]:
    return [
        Label(
            text.text,
            float(text.get("x")),
            float(text.get("y")),
            text.get("text-anchor"),
            text.get("font-weight") == "bold",
        )
        for text in ElementTree.fromstring(chart.svg).iter(f"{SVG}text")
    ]


@given(ALL_KINDS)
def test_a_picture_names_itself_and_stays_in_its_frame(chart: Chart) -> None:
    root = ElementTree.fromstring(chart.svg)
    assert root.get("role") == "img"
    told = {element.get("id"): element.text for element in root if element.get("id")}
    named = [told[name] for name in root.get("aria-labelledby").split()]
    assert named == [chart.title, chart.description]
    assert all(name.startswith(chart.name) for name in told)
    assert not any(
        "style" in element.attrib or element.tag in (f"{SVG}script", f"{SVG}style")
        for element in root.iter()
    )
    _, _, width, height = map(float, root.get("viewBox").split())
    for label in labels_of(chart):
        assert label.left >= -0.01 and label.left + label.width <= width + 0.01, label
        assert label.y - SIZE + 3 >= 0 and label.y + 3 <= height, label
    for mark in marks_of(chart):
        assert mark.x >= -0.01 and mark.x + mark.width <= width + 0.01, mark
        assert mark.y >= -0.01 and mark.y + mark.height <= height, mark


@given(ALL_KINDS)
def test_no_two_labels_meet(chart: Chart) -> None:
    for one, other in combinations(labels_of(chart), 2):
        assert not one.meets(other), (one, other)


def is_upright(chart: Chart) -> bool:
    return not chart.name.endswith(("ageing", "category", "went"))


@given(ALL_KINDS)
def test_marks_are_as_long_as_their_numbers_in_the_table(chart: Chart) -> None:
    rows = [row.numbers for row in chart.table.rows]
    in_order = zip(*rows, strict=True) if is_upright(chart) else rows
    marks = marks_of(chart)
    assert [mark.number for mark in marks] == [number for part in in_order for number in part]
    lengths = [mark.height if is_upright(chart) else mark.width for mark in marks]
    most = max((mark.number for mark in marks), default=0) or 1
    unit = max(lengths, default=0) / most
    for mark, length in zip(marks, lengths, strict=True):
        assert length == pytest.approx(mark.number * unit, abs=0.011)


@given(ALL_KINDS)
def test_the_label_at_a_mark_is_its_number(chart: Chart) -> None:
    labels, marks = labels_of(chart), marks_of(chart)
    found = 0
    for mark in marks:
        above = (mark.x + mark.width / 2, mark.y - 4)
        beside = (mark.x + mark.width + 5, mark.y + SIZE)
        place = pytest.approx(above if is_upright(chart) else beside, abs=0.03)
        for label in labels:
            if (label.x, label.y) == place:
                assert label.words == charts.shown(mark.number)
                found += 1
    if chart.name.endswith("category"):
        # The numbers of a row stand in columns, in the order of the table.
        numbers = [label.words for label in labels if label.anchor == "end" and not label.is_bold]
        assert numbers == [text for row in chart.table.rows for text in row.texts]
    elif not is_upright(chart):
        assert found == len(marks)
    elif marks and max(mark.number for mark in marks) < 10 and len(chart.table.rows) <= 24:
        assert found == len(marks)  # on a phone too there is room for each


@given(some_months())
def test_the_numbers_of_months_are_the_months_own(months: list[Month]) -> None:
    flow, backlog = charts.received_and_decided(months, "As they stood."), charts.backlog(months)
    assert [row.numbers for row in flow.table.rows] == [(m.received, m.decided) for m in months]
    assert [row.numbers for row in backlog.table.rows] == [(m.open,) for m in months]
    assert [row.label for row in flow.table.rows] == [m.label for m in months]
    if any(m.received or m.decided for m in months):
        assert f"{sum(m.decided for m in months):,} decided" in flow.description


def band_of(label: str) -> tuple[int, float]:
    first, *last = (int(number) for number in re.findall("[0-9]+", label.replace(",", "")))
    return first, float("inf") if label.endswith("over") else last[0] if last else first


@given(DAYS, TARGETS, counts())
def test_every_open_case_is_in_the_band_of_its_age(
    ages: list[int], target: int, unknown: int
) -> None:
    chart = charts.ageing(ages, target, unknown)
    rows = chart.table.rows[:-1] if unknown else chart.table.rows
    bands = [band_of(row.label) for row in rows]
    for row, (first, last) in zip(rows, bands, strict=True):
        assert row.numbers == (sum(first <= age <= last for age in ages),)
        assert last <= target or first > target  # no band on both sides of it
    assert sum(row.numbers[0] for row in chart.table.rows) == len(ages) + unknown
    over = sum(age > target for age in ages)
    told = f"{over:,} of them over the target" if ages or unknown else "No case is open."
    assert told in chart.description


@given(DAYS, st.none() | TARGETS)
def test_every_decision_is_in_the_column_of_its_days(days: list[int], target: int | None) -> None:
    chart = charts.time_to_decide(days, target)
    for row in chart.table.rows:
        first, last = band_of(row.label)
        assert row.numbers == (sum(first <= each <= last for each in days),)
    assert sum(row.numbers[0] for row in chart.table.rows) == len(days)
    drawn = [label.words for label in labels_of(chart)]
    assert (f"Target: {target}" in drawn) is bool(days and target)


@given(some_categories())
def test_a_category_has_its_own_numbers(categories: list[Category]) -> None:
    rows = charts.by_category(categories).table.rows
    assert [(row.label, *row.numbers) for row in rows] == [
        (each.label, each.received, each.valid, each.upheld) for each in categories
    ]


@given(counts())
def test_an_axis_has_few_steps_that_people_count_in(most: int) -> None:
    axis = scale(most, 100)
    assert str(axis.step).rstrip("0") in ("1", "2", "5")
    assert len(axis.ticks) - 1 <= 4
    assert axis.top - axis.step < most <= axis.top or (most, axis.top) == (0, 1)


def luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("colour", "least"), [(INK, 4.5), (BLUE, 3), (PLUM, 3)])
def test_marks_and_words_stand_out_from_the_ground(colour: str, least: float) -> None:
    """WCAG 2.2, 1.4.3 and 1.4.11; pale and hollow marks have a border of the same blue."""
    assert (luminance(GROUND) + 0.05) / (luminance(colour) + 0.05) >= least


def test_text_is_legible_on_a_phone() -> None:
    assert SIZE * (375 - 30) / WIDTH >= 12


def test_every_kind_of_mark_has_a_colour_of_the_readers_own_choosing() -> None:
    forced = STYLES.read_text().partition("forced-colors: active")[2].partition("@media")[0]
    drawn = re.findall('class="app-chart__([a-z]+)"', "".join(chart.svg for chart in SOME))
    assert {"solid", "pale", "strong", "hollow", "gap", "rule", "ground"} <= set(drawn)
    assert all(f".app-chart__{kind}" in forced for kind in drawn)


SOME = (
    charts.received_and_decided(
        [Month(date(2026, n, 1), 400 * n, n, 0) for n in range(1, 13)] * 2, "As they stood."
    ),
    charts.ageing([1, 40], 28, 1),
    charts.time_to_decide([3, 20, 41], 28),
    charts.by_category([Category("A", 3, 2, 1)]),
)
