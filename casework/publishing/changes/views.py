"""The pages of what published reports would say now, for staff: figures, cases and actions.

The figures are live ones that nobody approved. Members of the panel and the public are told of
them in the next published report.
"""

import secrets
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import abort, render_template, request

from casework import clock, permissions
from casework.audit import record
from casework.database import begin_write
from casework.extensions import db
from casework.letters.rendering import PdfRefused
from casework.models import Publication
from casework.models.publication import cited_as
from casework.publishing import blueprint, kinds, pack, queries
from casework.publishing.changes import paper
from casework.publishing.changes.responsible import Told, told
from casework.publishing.published.views import shown_or_404
from casework.publishing.restating import Restated, restated, restatements
from casework.web.files import handed_over
from casework.web.identity import me, origin, requires

Answer = Any
TAKEN = "restatement_taken"


@dataclass(frozen=True)
class _Found:
    """A published report with what it would say now, as far as who asks may know the cases."""

    row: Publication
    restated: Restated | None
    told: Told | None

    @property
    def cited_as(self) -> str:
        """The number of the report."""
        return cited_as(self.row.year or "", self.row.number or 0)


@blueprint.get("/publications/changed")
@requires(permissions.PREPARE_REPORTS)
def changed() -> Answer:
    years = queries.years(db.session)
    year = request.args.get("year", next(iter(years), ""))
    if years and year not in years:
        abort(404)
    return render_template(
        "publishing/changed.html",
        changed=restatements(db.session, year),
        year=year,
        years=years,
        log_size=record.log_size(db.session),
        title_of=kinds.title_of,
    )


@blueprint.get("/publications/published/<year>/<int:number>/changes")
@requires(permissions.SEE_REPORTS)
def changes(year: str, number: int) -> Answer:
    found = _found_or_404(year, number)
    row = found.row
    return render_template(
        "publishing/changes.html",
        row=row,
        title=kinds.title_of(row.kind, row.from_on, row.to_on),
        cited_as=found.cited_as,
        log_size=record.log_size(db.session),
        found=found.restated,
        told=found.told,
        not_responsible=paper.NOT_RESPONSIBLE,
        formats=[(form, pack.kind_of(form).label) for form in paper.WRITERS],
    )


@blueprint.post("/publications/published/<year>/<int:number>/changes/file")
@requires(permissions.EXPORT_CASES)
def take_changes(year: str, number: int) -> Answer:
    form = request.form.get("format", "")
    if form not in paper.WRITERS:
        abort(400, "Choose one of the formats on the page of what has changed.")
    found = _found_or_404(year, number)
    if found.restated is None or found.told is None:
        abort(409, f"{found.cited_as} says what the log says now, so there is nothing to take.")
    document = paper.document(found.restated, found.told, clock.today())
    try:
        made = paper.WRITERS[form](document)
    except PdfRefused as refused:
        abort(422, str(refused))
    begin_write(db.session)
    record.append(db.session, _event(found, form), origin(secrets.token_hex(16)))
    db.session.commit()
    kind = pack.kind_of(form)
    name = f"{found.cited_as.replace('/', '-')} changes{kind.suffix}"
    return handed_over(BytesIO(made), kind, name, shown=False)


def _found_or_404(year: str, number: int) -> _Found:
    shown = shown_or_404(year, number)
    row, found = shown.row, restated(db.session, shown.published)
    known = told(db.session, found.restatement, me().token) if found else None
    return _Found(row, found, known)


def _event(found: _Found, form: str) -> record.NewEvent:
    """The event of taking the cases away that changed a report."""
    role = permissions.role_giving(me().roles, permissions.EXPORT_CASES)
    cases = len(found.told.cases) if found.told else 0
    row = found.row
    stat = {"format": form, "rows": cases, "year": row.year, "number": row.number}
    return record.NewEvent(TAKEN, str(role), stat=stat)
