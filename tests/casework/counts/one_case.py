"""The only place that takes steps on one case, committed, as an import would."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from casework import items, progress
from casework.audit.record import Origin
from casework.database import begin_write
from casework.progress import Moved
from tests.casework.counts.random_lives import EVERYBODY, OFFICE, SECOND
from workflows.attempt import Attempt
from workflows.definition import Workflow
from workflows.recommendation import RECOMMENDATION


class Office:
    """Takes steps on one case, committed; `guessed` days are estimated, as an import has them."""

    def __init__(self, session: Session, received_on: date, *, is_guess: bool = False) -> None:
        self.session = session
        begin_write(session)
        first = self.attempt("log", received_on, {}, is_guess=is_guess)
        self.logged = progress.begin_case(session, first, Origin("import"), office=OFFICE)
        session.commit()

    def attempt(
        self, step: str, on: date | None, facts: dict[str, Any], *, is_guess: bool
    ) -> Attempt:
        estimated = frozenset({"effective_on"} if is_guess else ())
        return Attempt(step, on, facts, EVERYBODY, estimated=estimated, is_import=True)

    def take(self, step: str, on: date, *, is_guess: bool = False, **facts: Any) -> Moved:
        begin_write(self.session)
        return self._moved(self.attempt(step, on, facts, is_guess=is_guess))

    def amend(self, step: str, target: int, **facts: Any) -> Moved:
        begin_write(self.session)
        given = {"reason": "A slip", **facts}
        return self._moved(Attempt(step, None, given, EVERYBODY, target=target))

    def _moved(self, attempt: Attempt) -> Moved:
        case = progress.case_ref(self.session, self.logged.reference)
        assert case is not None
        moved = progress.move_case(self.session, case, attempt, Origin("import"), office=OFFICE)
        self.session.commit()
        return moved

    def decide(self, on: date, step: str = "uphold", **facts: Any) -> Moved:
        self.take("write_review", on)
        return self.take(step, on, **facts)

    def on_item(self, place: int, step: str, on: date, **facts: Any) -> None:
        """Take a step on the so manieth recommendation on the case."""
        begin_write(self.session)
        kept = items.items_on(self.session, self.logged.case)[place]
        ref = items.item_ref(self.session, kept.token)
        assert ref is not None
        items.move_item(self.session, ref, Attempt(step, on, facts, EVERYBODY), Origin("command"))
        self.session.commit()

    def keep(self, kind: Workflow, step: str, on: date, /, **facts: Any) -> None:
        """Begin something that is kept on the case."""
        begin_write(self.session)
        attempt = Attempt(step, on, facts, SECOND)
        items.begin_item(self.session, self.logged.case, kind, attempt, Origin("command"))
        self.session.commit()

    def recommend(self, on: date, kind: str = "reinvestigate") -> None:
        """Send a recommendation that the decision did not make."""
        self.keep(RECOMMENDATION, "recommend", on, kind=kind, wording="As set out.")
