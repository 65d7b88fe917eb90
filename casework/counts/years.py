"""The only place that says of which financial years there is anything to report."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.models import Milestone
from workflows.calendar import FinancialYear, financial_year_of


def years_with_cases(session: Session, today: date) -> tuple[FinancialYear, ...]:
    """The financial years from the first case's to the present one, newest first."""
    first_on: date | None = session.execute(
        select(func.min(Milestone.from_on)).where(
            Milestone.kind == "received", Milestone.until_seq.is_(None)
        )
    ).scalar()
    last = financial_year_of(today).starts_in
    first = financial_year_of(first_on or today).starts_in
    return tuple(FinancialYear(year) for year in range(last, first - 1, -1))
