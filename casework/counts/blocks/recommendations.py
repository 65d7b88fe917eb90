"""The only place for the recommendations of a period: what was made of them, and learning points."""

from collections.abc import Iterator
from datetime import date

from casework.counts.block import Block, Plain
from casework.counts.figures import Counted, Figures, Part, Source, empty
from casework.counts.lives import Life, Period, Span
from casework.counts.words import Words
from casework.office_settings import OfficeSettings
from workflows.calendar import response_due_on
from workflows.complaint_review_choices import RECOMMENDATIONS as KINDS
from workflows.recommendation_rules import DUTY

NAME = "recommendations"
MEASURES = (
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
        "Oversight or learning points that decisions of the period state, where these still stand. "
        "They are not recommendations.",
    ),
)
BY_KIND = Words("by_kind", "Recommendations, by kind", "The recommendations made, by kind.")


def count(source: Source) -> Figures:
    """Recommendations made in the period whose decision still stands, and learning points."""
    figures = empty(f"{NAME}.{words.name}" for words in MEASURES)
    status_on, made_in = source.status_on, Period(source.period.from_on, source.last_on)
    for life in source.lives.all:
        for made in life.standing("recommendations", status_on):
            if made_in.holds(made.from_on):
                counted = Counted(life.case, made.from_on, made.code)
                for name in _names_of(life, made, status_on):
                    figures.setdefault(f"{NAME}.{name}", []).append(counted)
        for points in life.standing("observations", status_on):
            if made_in.holds(points.from_on):
                one = Counted(life.case, points.from_on, "learning_point")
                figures[f"{NAME}.observations"] += [one] * int(points.code)
    return figures


def _names_of(life: Life, made: Span, status_on: date) -> Iterator[str]:
    """The figures that a recommendation counts in, as it stands on the status day."""
    yield "made"
    yield f"by_kind.{made.code}"
    answer = life.about(made.item, "responses", status_on)
    ends = [kind for kind in ("implemented", "lapsed") if life.about(made.item, kind, status_on)]
    due_on = _due_on(life, made, status_on)
    yield answer.code if answer else "unknown" if ends else "awaiting"
    if due_on and not answer and not ends and due_on < status_on:
        yield "overdue"
    if life.about(made.item, "response_due", status_on):
        yield "extended"
    if _is_late(life, made, status_on):
        yield "responded_late"
    yield from ends


def _due_on(life: Life, made: Span, day: date) -> date | None:
    """The last day for the response as it was on a day; None for a duty, which needs none."""
    if made.code == DUTY:
        return None
    extended = life.about(made.item, "response_due", day)
    return date.fromisoformat(extended.code) if extended else response_due_on(made.from_on)


def _is_late(life: Life, made: Span, status_on: date) -> bool:
    """Whether the first response known on the status day came after the last day for it."""
    responses = (
        span
        for span in life.spans.get("responses", ())
        if span.item == made.item and span.code != "unknown" and span.from_on <= status_on
    )
    first = next(responses, None)
    due_on = _due_on(life, made, first.from_on) if first else None
    return first is not None and due_on is not None and due_on < first.from_on


def plain(part: Part, _settings: OfficeSettings) -> Plain:
    """Recommendations made, by kind and by response; learning points are counted beside them."""
    kinds = f"{NAME}.{BY_KIND.name}"
    return {
        **{words.name: part.count(f"{NAME}.{words.name}") for words in MEASURES},
        BY_KIND.name: {kind: part.count(f"{kinds}.{kind}") for kind in part.codes(kinds)},
    }


RECOMMENDATIONS = Block(
    NAME,
    "Recommendations and learning",
    (*MEASURES, BY_KIND),
    count,
    plain,
    {BY_KIND.name: {kind.code: kind.label for kind in KINDS}},
    number_title="Number",
    counted_from="the recommendations sent to the force, the responses, the time allowed for them, and "
    "whether they were carried out; and the learning points that decisions state",
)
