"""The only place for the pages of published reports: for who is signed in, and for anybody.

What anybody may open costs nothing: it is stored, and nothing is counted for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import orjson
from flask import (
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    url_for,
)

from casework import clock, permissions
from casework.audit.check_codes import check_code
from casework.audit.events import Event
from casework.checkpoints.queries import covering
from casework.counts.editions import edition
from casework.database import begin_write
from casework.documents.model import Document, LaidOut
from casework.documents.parts import written
from casework.documents.trust import TITLE, Recounted, trust_words
from casework.extensions import db
from casework.models import Checkpoint, Publication
from casework.models.publication import cited_as
from casework.publishing import blueprint, kinds, pack, queries, service
from casework.publishing.history import (
    Published,
    RecordUnreadable,
    countersigned,
    is_taken_by,
    published_by,
)
from casework.publishing.recounting import Outcome
from casework.publishing.recounting import recount as recounted
from casework.publishing.service import Who
from casework.web.files import GONE, files, handed_over, opened
from casework.web.identity import me, origin, requires
from casework.web.step_forms import REFUSED, posted_req
from workflows.attempt import StepRefused
from workflows.definition import Refusal
from workflows.publication import COUNTERSIGN, FORMATS

Answer = Any


@dataclass(frozen=True)
class Shown:
    """A published report as its page shows it: what is kept beside its event, if that is unaltered.

    `checkpoint` is the first that covers its entry, `countersigned` the event of that; both may come.
    """

    row: Publication
    published: Published
    newer: Publication | None
    checkpoint: Checkpoint | None
    countersigned: Event | None

    @property
    def title(self) -> str:
        """What it is called."""
        basis = self.published.basis
        return kinds.title_of(basis.kind, basis.period.from_on, basis.period.to_on)

    @property
    def figures(self) -> Mapping[str, Any]:
        """Its figures; empty where what is kept was altered."""
        found: Mapping[str, Any] = (
            orjson.loads(self.published.figures) if self.published.is_kept else {}
        )
        return found

    @property
    def said(self) -> tuple[LaidOut, ...]:
        """What people wrote in it, by the titles of its fields, without what is about the meeting.

        Empty where what is kept was altered.
        """
        if not self.published.is_kept:
            return ()
        parts = kinds.BY_CODE[self.published.basis.kind].fields
        fields = (part for part in parts if part.is_long)
        return Document(self.title, "", tuple(written(fields, self.published.words))).laid_out

    @property
    def check_code(self) -> str:
        """The check code of its figures."""
        return check_code(self.published.digest)


@blueprint.get("/publications/published")
@requires(permissions.SEE_PUBLISHED)
def library() -> Answer:
    return _list("publishing/library.html")


@blueprint.get("/published")
def public_index() -> Answer:
    return _list("published/index.html")


def _list(template: str) -> str:
    rows = queries.published(db.session)
    return render_template(template, published=rows, title_of=kinds.title_of, cited_as=cited_as)


@blueprint.get("/publications/published/<year>/<int:number>")
@requires(permissions.SEE_PUBLISHED)
def published(year: str, number: int) -> Answer:
    return _page("publishing/published.html", shown_or_404(year, number))


@blueprint.post("/publications/published/<year>/<int:number>/recount")
@requires(permissions.SEE_PUBLISHED)
def recount(year: str, number: int) -> Answer:
    shown = shown_or_404(year, number)
    outcome = recounted(db.session, shown.published, files())
    return _page("publishing/published.html", shown, outcome=outcome)


@blueprint.post("/publications/published/<year>/<int:number>/countersign")
@requires(permissions.APPROVE_REPORTS)
def countersign(year: str, number: int) -> Answer:
    shown = shown_or_404(year, number)
    here = url_for("publishing.published", year=year, number=number, _anchor="check")
    if is_taken_by(db.session, posted_req(), COUNTERSIGN.event, shown.row.token):
        return redirect(here)
    outcome = recounted(db.session, shown.published, files())
    if not outcome.is_same:
        return _page("publishing/published.html", shown, outcome=outcome), REFUSED
    token, who = shown.row.token, Who(me().actor, origin(posted_req()))
    begin_write(db.session)
    row = db.session.get_one(Publication, token)
    try:
        service.countersign(db.session, row, row.version, outcome.digest, who)
    except StepRefused as refused:
        db.session.rollback()
        again = shown_or_404(year, number)
        return _page("publishing/published.html", again, refusals=refused.refusals), REFUSED
    db.session.commit()
    flash("The report is countersigned.", "success")
    return redirect(here)


@blueprint.get("/published/<year>/<int:number>")
def public(year: str, number: int) -> Answer:
    return _page("published/report.html", shown_or_404(year, number))


@blueprint.get("/published/<year>/<int:number>/<form>")
def download(year: str, number: int, form: str) -> Answer:
    published = shown_or_404(year, number).published
    if form not in published.files:
        abort(404)
    kind = pack.kind_of(form)
    name = f"{published.cited_as.replace('/', '-')}{kind.suffix}"
    return handed_over(opened(published.files[form]), kind, name, shown=True)


def shown_or_404(year: str, number: int) -> Shown:
    """The published report of this number; the answer is a page that says so if it is damaged."""
    row = queries.cited(db.session, year, number) or abort(404)
    seq = row.since_seq or 0
    try:
        found = published_by(db.session, seq)
    except RecordUnreadable as fault:
        damaged(row, f"What is stored of it in the office’s log was altered or damaged ({fault}).")
    return Shown(
        row,
        found,
        queries.newer_than(db.session, row),
        covering(db.session, seq),
        countersigned(db.session, found),
    )


def damaged(row: Publication, sentence: str) -> NoReturn:
    """Answer with a page that says of a published report why its record cannot be shown."""
    cited = cited_as(row.year or "", row.number or 0)
    current_app.logger.error("The record of a published report, %s, is damaged.", cited)
    title = kinds.title_of(row.kind, row.from_on, row.to_on)
    page = render_template("publishing/damaged.html", title=title, cited_as=cited, said=sentence)
    abort(make_response(page, GONE))


def _page(
    template: str,
    shown: Shown,
    outcome: Outcome | None = None,
    refusals: tuple[Refusal, ...] = (),
) -> str:
    published, recount = shown.published, shown.published.recounted
    if outcome:
        recount = Recounted(
            on=clock.today(),
            log_size=recount.log_size,
            digest=recount.digest,
            is_same=not outcome.figures,
            has_files=not outcome.files,
        )
    return render_template(
        template,
        shown=shown,
        blocks=edition(published.basis.edition).blocks,
        formats=[(form, pack.kind_of(form).label) for form in FORMATS if form in published.files],
        trust_title=TITLE,
        trust=trust_words(recount) if outcome or shown.published.is_kept else (),
        cited_as=cited_as,
        outcome=outcome,
        refusals=refusals,
    )
