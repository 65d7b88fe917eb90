"""The only place that says what a recommendation wants done next, and whom the office waits for."""

from datetime import date, timedelta

from workflows.definition import Prompt, Standing, Wait
from workflows.recommendation_rules import respond_by

REMIND_AGAIN_AFTER = timedelta(days=7)


def _remind(standing: Standing) -> date | None:
    """From the day after the response was due, and again after each reminder."""
    by = respond_by(standing)
    if standing.state != "made" or by is None:
        return None
    reminded = standing.last("remind")
    overdue_on = by + timedelta(days=1)
    again_on = reminded.effective_on + REMIND_AGAIN_AFTER if reminded else overdue_on
    return max(overdue_on, again_on)


def _follow_up(standing: Standing) -> date | None:
    follow_up_on: date | None = standing.values.get("follow_up_on")
    return None if standing.state == "made" else follow_up_on


def awaits(standing: Standing) -> Wait | None:
    """The force, until its response is in (reg 30(4))."""
    if standing.state != "made" or respond_by(standing) is None:
        return None
    return Wait("The force", standing.entries[0].effective_on, "its response")


PROMPTS = (
    Prompt("remind", "Remind the force of its response", _remind),
    Prompt("implement", "See whether it was carried out", _follow_up),
)
