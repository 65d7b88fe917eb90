"""The pages of what published reports would say now.

Whoever reads published reports is told the figures and what kinds of actions changed them; which
cases and actions these are is for those who may see the cases.
"""

from typing import Any

from flask import abort, render_template

from casework import permissions
from casework.audit import record
from casework.extensions import db
from casework.publishing import blueprint, kinds, queries
from casework.publishing.changes.responsible import told
from casework.publishing.history import cited_as, published_by
from casework.publishing.restating import restated, restatements
from casework.web.identity import me, requires

Answer = Any


@blueprint.get("/publications/changed")
@requires(permissions.PREPARE_REPORTS)
def changed() -> Answer:
    return render_template(
        "publishing/changed.html",
        changed=restatements(db.session),
        log_size=record.log_size(db.session),
        title_of=kinds.title_of,
    )


@blueprint.get("/publications/published/<year>/<int:number>/changes")
@requires(permissions.SEE_PUBLISHED)
def changes(year: str, number: int) -> Answer:
    row = queries.cited(db.session, year, number) or abort(404)
    found = restated(db.session, published_by(db.session, row.since_seq or 0))
    is_for_staff = me().may(permissions.SEE_ALL_CASES)
    return render_template(
        "publishing/changes.html",
        row=row,
        title=kinds.title_of(row.kind, row.from_on, row.to_on),
        cited_as=cited_as(year, number),
        log_size=record.log_size(db.session),
        found=found,
        told=told(db.session, found.restatement, me().token) if found and is_for_staff else None,
    )
