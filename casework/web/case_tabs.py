"""The only place that says on which page of a case each kind of thing kept on it is found."""

from dataclasses import dataclass

from flask import request, url_for

from casework.web.opened_case import OpenedCase
from workflows import ITEMS
from workflows.definition import Workflow

OVERVIEW = "cases.case"


@dataclass(frozen=True)
class Tab:
    """A page of a case: its words, its endpoint, and the kinds that are found there.

    One that helps only while a case is in some states is offered in these alone (`while_in`).
    """

    text: str
    endpoint: str
    kinds: tuple[str, ...] = ()
    while_in: tuple[str, ...] = ()


TABS = (
    Tab("Overview", OVERVIEW),
    Tab(
        "Triage",
        "triage.of_case",
        ("outcome_day",),
        while_in=("received", "valid", "invalid", "forwarded"),
    ),
    Tab(
        "People",
        "cases.people",
        ("party", "contact_plan", "telling", "conflict", "restriction", "instruction"),
    ),
    Tab("Papers", "papers.index", ("paper",)),
    Tab(
        "Correspondence",
        "cases.correspondence",
        ("correspondence", "information_request", "pre_action", "no_further_reply"),
    ),
    Tab("Letters", "letters.index", ("letter",)),
    Tab("Recommendations", "recommendations.of_case", ("recommendation", "observation")),
    Tab("Timeline", "cases.timeline"),
)
TOLD = (OVERVIEW, "cases.timeline")
"""The pages of a case that was erased: those that tell what happened."""
_NAMED = {kind for tab in TABS for kind in tab.kinds}


def tab_of(endpoint: str) -> Tab:
    """The tab that an endpoint answers; KeyError when it answers none."""
    return {tab.endpoint: tab for tab in TABS}[endpoint]


def kinds_on(endpoint: str) -> list[Workflow]:
    """The kinds found on a page of a case; those that no page names are on the overview."""
    named = tab_of(endpoint).kinds
    return [
        kind
        for name, kind in ITEMS.items()
        if name in named or (endpoint == OVERVIEW and name not in _NAMED)
    ]


def place_url(case: str, kind: str, item: str | None = None) -> str:
    """The page of the case with this token where a kind is found, at one item where it is named."""
    endpoint = next((tab.endpoint for tab in TABS if kind in tab.kinds), OVERVIEW)
    return url_for(endpoint, token=case, _anchor=item)


def case_tabs(opened: OpenedCase) -> list[dict[str, object]]:
    """The pages of a case for its sub-navigation; empty on a page that is none of them."""
    if request.endpoint not in {tab.endpoint for tab in TABS}:
        return []
    return [
        {
            "text": tab.text,
            "href": url_for(tab.endpoint, token=opened.row.token),
            "count": len(opened.kept(*tab.kinds)),
            "is_current": tab.endpoint == request.endpoint,
        }
        for tab in TABS
        if _is_offered(tab, opened) or tab.endpoint == request.endpoint
    ]


def _is_offered(tab: Tab, opened: OpenedCase) -> bool:
    if opened.is_erased:
        return tab.endpoint in TOLD
    return not tab.while_in or opened.row.state in tab.while_in
