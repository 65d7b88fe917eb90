"""Charts drawn by hand as SVG: plain numbers in, a `Chart` out; nothing is asked and nothing kept.

    charts_of(report)                        # every chart of a report, in the order of printing
    received_and_decided(months, basis)      # one of them, from plain numbers

Each is a `Chart(name, title, description, svg, table)`; its names are those of its ids on a page.

A page shows one by the macro of `templates/components/chart.html`, with the style sheet
`charts.css`; without it, in a file or a PDF, the picture shows the same. Neither the title nor the
description is drawn: they stand above the picture as text, and the table of the same numbers
(`chart.table`: `first`, `columns`, `rows` of a label and its numbers, written by `shown`) below it.
"""

from casework.documents.charts.cases import (
    Band,
    Category,
    ageing,
    bands,
    by_category,
    where_time_went,
)
from casework.documents.charts.chart import Chart, Numbers, Row, shown
from casework.documents.charts.distribution import time_to_decide
from casework.documents.charts.months import Month, backlog, received_and_decided
from casework.documents.charts.of_report import (
    charts_of,
    months_before,
    months_between,
    months_of,
)

__all__ = [
    "Band",
    "Category",
    "Chart",
    "Month",
    "Numbers",
    "Row",
    "ageing",
    "backlog",
    "bands",
    "by_category",
    "charts_of",
    "months_before",
    "months_between",
    "months_of",
    "received_and_decided",
    "shown",
    "time_to_decide",
    "where_time_went",
]
