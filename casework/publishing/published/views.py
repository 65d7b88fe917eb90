"""The only place for the pages of published reports: for who is signed in, and for anybody.

What anybody may open costs nothing: it is stored, and nothing is counted for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from flask import abort, render_template

from casework import clock, permissions
from casework.audit.check_codes import check_code
from casework.counts.editions import edition
from casework.documents.model import Document, LaidOut
from casework.documents.parts import written
from casework.documents.trust import TITLE, Recounted, trust_words
from casework.extensions import db
from casework.models import Publication
from casework.models.publication import cited_as
from casework.publishing import blueprint, kinds, pack, queries
from casework.publishing.history import Published, published_by
from casework.publishing.recounting import recount as recounted
from casework.web.files import files, handed_over, opened
from casework.web.identity import requires
from workflows.publication import FORMATS

Answer = Any


@dataclass(frozen=True)
class Shown:
    """A published report as its page shows it: what is kept beside its event, if that is unaltered."""

    row: Publication
    published: Published
    newer: Publication | None

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
    return _page("publishing/published.html", _shown_or_404(year, number), outcome=None)


@blueprint.post("/publications/published/<year>/<int:number>/recount")
@requires(permissions.SEE_PUBLISHED)
def recount(year: str, number: int) -> Answer:
    shown = _shown_or_404(year, number)
    outcome = recounted(db.session, shown.published, files())
    return _page("publishing/published.html", shown, outcome=outcome)


@blueprint.get("/published/<year>/<int:number>")
def public(year: str, number: int) -> Answer:
    return _page("published/report.html", _shown_or_404(year, number), outcome=None)


@blueprint.get("/published/<year>/<int:number>/<form>")
def download(year: str, number: int, form: str) -> Answer:
    published = _shown_or_404(year, number).published
    if form not in published.files:
        abort(404)
    kind = pack.kind_of(form)
    name = f"{published.cited_as.replace('/', '-')}{kind.suffix}"
    return handed_over(opened(published.files[form]), kind, name, shown=True)


def _shown_or_404(year: str, number: int) -> Shown:
    row = queries.cited(db.session, year, number) or abort(404)
    found = published_by(db.session, row.since_seq or 0)
    return Shown(row, found, queries.newer_than(db.session, row))


def _page(template: str, shown: Shown, **said: Any) -> str:
    published, outcome = shown.published, said["outcome"]
    recount = published.recounted
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
        **said,
    )
