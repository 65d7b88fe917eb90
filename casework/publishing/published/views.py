"""The only place for the pages of published reports: for who is signed in, and for anybody.

What anybody may open costs nothing: it is stored, and nothing is counted for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from flask import abort, render_template

from casework import clock, permissions
from casework.counts.editions import edition
from casework.documents.model import Document, LaidOut
from casework.documents.parts import written
from casework.documents.trust import TITLE, Recounted, check_code, trust_words
from casework.extensions import db
from casework.models import Publication
from casework.publishing import blueprint, kinds, pack, queries
from casework.publishing.history import Published, cited_as, published_by
from casework.publishing.recounting import recount as recounted
from casework.web.files import files, handed_over, opened
from casework.web.identity import requires
from workflows.publication import FORMATS

Answer = Any


@dataclass(frozen=True)
class Shown:
    """A published report as its page shows it; `figures` is empty where they were altered."""

    row: Publication
    published: Published
    figures: Mapping[str, Any]
    newer: Publication | None

    @property
    def title(self) -> str:
        """What it is called."""
        return kinds.title_of(self.row.kind, self.row.from_on, self.row.to_on)

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
    try:
        figures = orjson.loads(found.figures)
    except ValueError:
        figures = {}
    return Shown(row, found, figures, queries.newer_than(db.session, row))


def _said(shown: Shown) -> tuple[LaidOut, ...]:
    """What people wrote in it, by the titles of its fields; what is about the meeting is left out."""
    words = shown.published.words
    fields = (field for field in kinds.BY_CODE[shown.row.kind].fields if field.is_long)
    return Document(shown.title, "", tuple(written(fields, words))).laid_out


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
        said=_said(shown),
        blocks=edition(published.basis.edition).blocks,
        formats=[(form, pack.kind_of(form).label) for form in FORMATS if form in published.files],
        trust_title=TITLE,
        trust=trust_words(recount),
        cited_as=cited_as,
        **said,
    )
