"""The only place for the words of the figures that are worked out of others or broken down."""

from casework.counts.measures import ACTIVITY, COHORT, Words
from workflows.categories import LETTERS
from workflows.complaint_review_choices import (
    INVALID_REASONS,
    RECOMMENDATIONS,
    RESPONSES,
    ROUTES,
)
from workflows.definition import Choice

SECTIONS = {
    "cohort": "Cases received in the period",
    "activity": "Work done in the period",
    "timeliness": "How long decisions took",
    "by_route": "By how the force handled the complaint",
    "by_category": "By allegation category",
    "recommendations": "Recommendations and learning",
}

PERCENT_UPHELD = Words(
    "percent_upheld",
    "Percentage upheld",
    "Upheld, of those upheld or not upheld. Invalid, forwarded and withdrawn cases are never "
    "among them. Not applicable when nothing was decided.",
)
INVALID_BY_REASON = Words(
    "invalid_by_reason", "Invalid, by reason", "The invalid cases above, by the reason recorded."
)
TIMELINESS = (
    Words(
        "decided",
        "Decisions",
        "The decisions counted as completed in the period.",
    ),
    Words(
        "known",
        "Both days known",
        "Of those, the ones whose first and last day are both recorded and not estimated. The "
        "figures that follow are about these alone.",
    ),
    Words(
        "mean_working_days",
        "Mean working days",
        "Working days after the first day, up to and including the last: the next working day is "
        "day 1, the same day 0. Nothing is taken off for waiting.",
    ),
    Words(
        "median_working_days",
        "Median working days",
        "Half took no longer. Of an even number, the mean of the middle two.",
    ),
    Words(
        "p90_working_days",
        "90th percentile, working days",
        "Nine in ten took no longer, by the nearest rank.",
    ),
    Words("max_working_days", "Longest, working days", "The longest of them."),
    Words(
        "within_target",
        "Within target",
        "Of those with both days known, decided within the office’s target of working days from "
        "receipt.",
    ),
    Words("target_working_days", "Target, working days", "The office’s target at this log size."),
)
BY_ROUTE = (
    Words(
        "completed",
        "Completed",
        "The decisions counted as completed, by the route recorded at the end of the period.",
    ),
    Words("upheld", "Upheld", "Of those, upheld."),
    PERCENT_UPHELD,
)
BY_CATEGORY = (
    Words(
        "received",
        "Received",
        "Cases received in the period with an allegation in the category. A case counts once in "
        "each category it has, so the rows add up to more than the cases.",
    ),
    Words("valid", "Valid", "Of those, valid."),
    Words("upheld", "Upheld", "Of those, upheld as a whole; not of this allegation alone."),
)
RECOMMENDATIONS_WORDS = (
    Words(
        "made",
        "Recommendations made",
        "Recommendations sent to the force in the period, under decisions that still stand on the "
        "status day; those of a decision count on its day.",
    ),
    Words("accepted", "Accepted", "Of those, accepted by the force."),
    Words("partly_accepted", "Partly accepted", "Of those, accepted in part."),
    Words("rejected", "Rejected", "Of those, not accepted."),
    Words(
        "awaiting",
        "Awaiting a response",
        "Of those, without a response yet. The duty to notify the Director of Public Prosecutions "
        "needs none and is never overdue; it counts here until it is done.",
    ),
    Words(
        "unknown",
        "Response not known",
        "Of those, no response was ever recorded and none is awaited: the old register does not "
        "say, or it was carried out or taken no further without one.",
    ),
    Words(
        "overdue",
        "Overdue",
        "Of those awaiting a response, due before the status day: the force has 28 days starting "
        "the day after the recommendation was made, or as long as the office has extended that to "
        "by the status day (reg 30).",
    ),
    Words("extended", "Time extended", "Of those made, the office gave the force more time."),
    Words(
        "responded_late",
        "Responded late",
        "Of those made, the first response came after the last day for it, as extended by then.",
    ),
    Words("implemented", "Carried out", "Of those made, recorded as carried out."),
    Words("lapsed", "Not taken further", "Of those made, the office takes them no further."),
    Words(
        "observations",
        "Learning points",
        "Oversight or learning points fed back in decisions of the period that still stand. They "
        "are not recommendations.",
    ),
)
BY_KIND = Words("by_kind", "Recommendations, by kind", "The recommendations made, by kind.")

WORDS: dict[str, tuple[Words, ...]] = {
    "cohort": (*COHORT, PERCENT_UPHELD, INVALID_BY_REASON),
    "activity": (*ACTIVITY, PERCENT_UPHELD),
    "timeliness": TIMELINESS,
    "by_route": BY_ROUTE,
    "by_category": BY_CATEGORY,
    "recommendations": (*RECOMMENDATIONS_WORDS, BY_KIND),
}
"""Every figure's words by section: what pages, text and CSV print as definitions."""


def _labels(choices: tuple[Choice, ...]) -> dict[str, str]:
    return {choice.code: choice.label for choice in choices}


LABELS: dict[str, dict[str, str]] = {
    "invalid_by_reason": {**_labels(INVALID_REASONS), "unknown": "No reason recorded"},
    "by_route": {**_labels(ROUTES), "unknown": "Not recorded"},
    "by_category": {**{a: f"{a} {b}" for a, b in LETTERS.items()}, "none": "None recorded"},
    "by_kind": _labels(RECOMMENDATIONS),
    "timeliness": {
        "decided": "From received to decided",
        "notified": "From received to the decision letter",
    },
    "responses": _labels(RESPONSES),
}
"""What codes are called, by breakdown."""


def basis(status_on: str, clock_start: str) -> tuple[str, ...]:
    """What every report says about its own figures; the status day in words."""
    return (
        "Two questions are answered side by side and must not be mixed: what became of the cases "
        "received in the period (whatever has happened to them up to the status day, "
        f"{status_on}), and what work was done in the period (whenever the case was received).",
        "Figures of quarters need not add up to those of the year, because a case decided in one "
        "and reopened in another counts once in the year. Year-to-date figures are never added.",
        f"The office’s own clock for deciding starts when an application is {clock_start}; the "
        "working days below always run from the day it was received.",
    )


def words_of(figure: str) -> Words:
    """The words of a figure by its name, such as `cohort.valid` or `by_route.unknown.upheld`.

    Raises KeyError when there is no such figure.
    """
    section, *path = figure.split(".")
    known = {words.name: words for words in WORDS[section]}
    if len(path) == 1:
        return known[path[0]]
    breakdown, code = (section, path[0]) if path[1] in known else (path[0], path[1])
    own = known[path[1]] if path[1] in known else known[breakdown]
    return Words(figure, f"{own.title}: {LABELS[breakdown][code]}", own.definition)
