"""The only place that says of a case, or of what is kept on one, what is wanted next and of whom."""

from dataclasses import dataclass
from datetime import date

from flask import url_for

from casework.audit.items import KeptItem
from casework.web.case_words import CaseRow
from casework.web.deadlines import DeadlineLine, deadline_line
from casework.web.filters import short_day
from workflows import WORKFLOWS
from workflows.definition import Actor, Due, OfficeRules, Prompt, Standing, Step, Wait, Workflow
from workflows.engine import steps_open_to

COLLEAGUE = "A colleague"
NOTHING_YET = "Nothing until they answer"


@dataclass(frozen=True)
class Line:
    """One thing to be done: about a case, or about `item` that is kept on it.

    `step` does it, None when there is nothing this person could do but look. What `is_ready`
    is wanted now and rests with this person; `wait` says for whom the office waits. `open_steps`
    are all steps, by name, that this person may take.
    """

    case: CaseRow
    says: str
    step: Step | None
    is_ready: bool
    due: DeadlineLine | None
    wait: Wait | None
    item: KeptItem | None = None
    open_steps: frozenset[str] = frozenset()

    @property
    def about(self) -> str | None:
        """What of the case it is about: "Recommendation: An apology"; None for the case itself."""
        return self.item.title if self.item else None

    @property
    def is_overdue(self) -> bool:
        """Whether its day has passed."""
        return self.due is not None and self.due.is_overdue

    @property
    def place(self) -> tuple[date, date]:
        """Where it stands among lines: by the day it is due, then by who came first."""
        due_on = self.due.due_on if self.due else None
        return (due_on or date.max, self.case.row.received_on)

    @property
    def step_url(self) -> str | None:
        """The form that does it, None when there is none for this person."""
        return self.url_of(self.step.name) if self.step else None

    def url_of(self, step: str) -> str:
        """The form of a step by its name."""
        token = self.case.row.token
        if self.item is None:
            return url_for("cases.step", token=token, name=step)
        return url_for("items.step", token=token, item=self.item.token, name=step)


@dataclass(frozen=True)
class Reader:
    """For whom, under which rules and on which day lines are read."""

    actor: Actor
    office: OfficeRules
    today: date

    def of_case(self, case: CaseRow, standing: Standing) -> Line | None:
        """What the case wants next; None when nothing."""
        workflow = WORKFLOWS[case.row.workflow]
        found = self._next(workflow, standing)
        if found is None:
            return None
        prompt, _ = found
        due = case.deadlines.get(prompt.deadline, case.deadline) if prompt else case.deadline
        return self._line(case, workflow, standing, found, due)

    def of_item(self, case: CaseRow, item: KeptItem, of_case: Standing) -> Line | None:
        """What is wanted next of something kept on a case that stands so; None when nothing."""
        found = self._next(item.workflow, item.standing)
        if found is None and item.due_on is None:
            return None
        due = Due("due", "", item.due_on, None, "")
        shown = deadline_line(due, None, self.today) if item.due_on else None
        found = found or (None, self.today)
        return self._line(case, item.workflow, item.standing, found, shown, item, of_case)

    def _next(self, workflow: Workflow, standing: Standing) -> tuple[Prompt | None, date] | None:
        """The first prompt wanted by today, else the one wanted soonest; no prompt while it rests."""
        wait = workflow.awaits(standing) if workflow.awaits else None
        rests = wait is not None and wait.rests
        wanted = [
            (prompt, on)
            for prompt in workflow.prompts
            if (on := prompt.since(standing)) is not None
            and (prompt.while_waiting or not rests)
            and (not prompt.roles or self.actor.roles.intersection(prompt.roles))
        ]
        now = next((found for found in wanted if found[1] <= self.today), None)
        later = min(wanted, key=lambda found: found[1], default=None)
        return now or later or ((None, self.today) if rests else None)

    def _line(
        self,
        case: CaseRow,
        workflow: Workflow,
        standing: Standing,
        found: tuple[Prompt | None, date],
        due: DeadlineLine | None,
        item: KeptItem | None = None,
        of_case: Standing | None = None,
    ) -> Line:
        prompt, on = found
        wait = workflow.awaits(standing) if workflow.awaits else None
        steps = self._open_steps(workflow, standing, of_case)
        if prompt is None:
            says = item.state.label if item else NOTHING_YET
            return Line(case, says, None, False, due, wait, item, steps)
        is_mine, is_now = prompt.step in steps, on <= self.today
        return Line(
            case,
            prompt.says if is_now else f"{prompt.says} from {short_day(on)}",
            workflow.steps_by_name[prompt.step] if is_mine else None,
            is_now and is_mine,
            due,
            wait or (Wait(COLLEAGUE, on) if is_now and not is_mine else None),
            item,
            steps,
        )

    def _open_steps(
        self, workflow: Workflow, standing: Standing, of_case: Standing | None
    ) -> frozenset[str]:
        """The names of the steps that this person may take now."""
        found = steps_open_to(workflow, standing, self.actor, self.office, self.today, of_case)
        return frozenset(each.step.name for each in found if each.barred is None)
