"""The only place for what is open at the end of a period: how far, how long, for whom it waits."""

from casework.counts.block import Block, Plain
from casework.counts.figures import Counted, Figures, Part, Source, empty
from casework.counts.lives import Life, Snapshot
from casework.counts.waiting import MEANING, PARTIES, waited_for
from casework.counts.words import Words
from casework.office_settings import OfficeSettings
from workflows.complaint_review_choices import WAITING_FOR

NAME = "open_cases"
STAGES = (
    Words("undetermined", "Validity not yet determined", "Of those, not yet found valid."),
    Words(
        "valid",
        "Valid, review not written",
        "Of those, valid, the review not written yet or returned to its writer.",
    ),
    Words("reviewed", "Reviewed, not decided", "Of those, the review is written; not decided."),
)
OPEN = Words(
    "open",
    "Open",
    "Open at the end of the period, or on the status day if that is earlier, whenever received: "
    "the cases carried forward.",
)
KNOWN = Words(
    "known",
    "Day received known",
    "Of those open, the ones whose day of receipt is not estimated. The figures of age are about "
    "these alone.",
)
OVER_TARGET = Words(
    "over_target",
    "Over target",
    "Of those, open for more working days since receipt than the office’s target for deciding.",
)
TARGET = Words(
    "target_working_days", "Target, working days", "The office’s target at this log size."
)
OLDEST_DAYS = Words(
    "oldest_working_days",
    "Age of the oldest, working days",
    "Working days since the oldest of them was received.",
)
OLDEST_ON = Words("oldest_received_on", "The oldest was received on", "The day it was received.")
OLDEST = Words("oldest", "Open since that day", "Of those, the ones received on that day.")
WAITING = Words("waiting", "Waiting for", f"Of those open, by whom the office waits for. {MEANING}")
COUNTS = (OPEN, *STAGES, KNOWN, OVER_TARGET)


def count(source: Source) -> Figures:
    """What is open on the last day that is counted."""
    figures = empty(f"{NAME}.{words.name}" for words in (*COUNTS, OLDEST))
    figures |= empty(f"{NAME}.waiting.{party}" for party in PARTIES)
    lives, day = source.lives, source.last_on
    for life, case in zip(lives.all, lives.on(day), strict=True):
        if case.is_open:
            counted = _counted(life, source)
            for name in _names_of(life, case, counted, source):
                figures[f"{NAME}.{name}"].append(counted)
    known = figures[f"{NAME}.known"]
    figures[f"{NAME}.{OLDEST.name}"] = [each for each in known if each.on == known[0].on]
    return figures


def _counted(life: Life, source: Source) -> Counted:
    """A case with how many working days it has been open, unless the day it came is a guess."""
    on, calendar = life.received.from_on, source.settings.calendar
    is_guess = life.received.is_estimated
    days = None if is_guess else calendar.working_days_between(on, source.last_on)
    return Counted(life.case, on, days=days)


def _names_of(life: Life, case: Snapshot, counted: Counted, source: Source) -> list[str]:
    """The figures that an open case counts in."""
    day = source.last_on
    stage = (
        "reviewed" if life.one("reviewed", day) else "valid" if case.validity else "undetermined"
    )
    names = ["open", stage, *(f"waiting.{party}" for party in waited_for(life, day))]
    if counted.days is None:
        return names
    is_over = counted.days > source.settings.decide_target
    return [*names, "known", *(["over_target"] if is_over else [])]


def plain(part: Part, settings: OfficeSettings) -> Plain:
    """What is open, its ages, and how many cases wait for whom; days are ISO texts."""
    oldest = next(iter(part.figures[f"{NAME}.{OLDEST.name}"]), None)
    return {
        **{words.name: part.count(f"{NAME}.{words.name}") for words in COUNTS},
        TARGET.name: settings.decide_target,
        OLDEST_ON.name: oldest.on.isoformat() if oldest else None,
        OLDEST_DAYS.name: oldest.days if oldest else None,
        WAITING.name: {party: part.count(f"{NAME}.waiting.{party}") for party in PARTIES},
    }


OPEN_CASES = Block(
    NAME,
    "What is open",
    (*COUNTS, TARGET, OLDEST_DAYS, OLDEST_ON, OLDEST, WAITING),
    count,
    plain,
    {WAITING.name: {choice.code: choice.label for choice in WAITING_FOR}},
    counted_from="the days on which applications were received and closed, reviews were written, and "
    "waiting began and ended",
)
