"""The only place for the pages of reports to be published: drafted, worded, approved, published."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy.exc import DBAPIError

from casework import clock, permissions
from casework.audit.check_codes import check_code
from casework.checkpoints import keys
from casework.checkpoints.forks import LogForked
from casework.checkpoints.keys import KeyRefused
from casework.checkpoints.outside import readable_in
from casework.checkpoints.service import sign
from casework.counts.report import ReportRefused
from casework.counts.years import years_with_cases
from casework.database import begin_write
from casework.documents.parts import unfinished
from casework.extensions import db
from casework.letters.rendering import PdfRefused
from casework.models import Publication
from casework.models.publication import cited_as
from casework.publishing import blueprint, forms, kinds, pack, queries, service, showing
from casework.publishing.counting import count
from casework.publishing.history import is_taken_by
from casework.publishing.paper import MARK
from casework.publishing.service import StalePublication, Who
from casework.web import drafts as typing
from casework.web.files import files, handed_over
from casework.web.identity import me, names, origin, requires
from casework.web.step_forms import REFUSED, posted_req, posted_version
from workflows.attempt import StepRefused
from workflows.calendar import financial_year_of
from workflows.definition import Refusal, Step
from workflows.publication import (
    APPROVE,
    DRAFT_REPORT,
    DROP,
    FORMATS,
    KINDS,
    PUBLICATION,
    PUBLISH,
    RETURN,
)

Answer = Any
Change = Callable[[Publication, Who], None]
STALE = 409


@blueprint.get("/publications")
@requires(permissions.PREPARE_REPORTS)
def index() -> Answer:
    return render_template(
        "publishing/index.html",
        kinds=KINDS,
        title_of=kinds.title_of,
        in_hand=queries.in_hand(db.session),
        published=queries.published(db.session),
        cited_as=cited_as,
        names=names(db.session),
    )


@blueprint.route("/publications/new/<kind>", methods=["GET", "POST"])
@requires(permissions.PREPARE_REPORTS)
def begin(kind: str) -> Answer:
    if kind not in kinds.BY_CODE:
        abort(404)
    today = clock.today()
    years, next_on = years_with_cases(db.session, today), queries.next_day(db.session, kind)
    form = forms.basis_form(kind, years, next_on, today, request.args)
    if request.method != "POST":
        return _begin_page(form, kind)
    basis = form.basis()
    if basis is None:
        return _begin_page(form, kind), REFUSED
    try:
        counted = count(db.session, basis)
    except ReportRefused as refused:
        form.refuse([Refusal(str(refused), refused.about)])
        return _begin_page(form, kind), REFUSED
    words = kinds.prefilled(db.session, counted)
    token, who = f"p_{posted_req()}", _who()
    begin_write(db.session)
    try:
        service.begin(db.session, token, counted, words, who)
    except StepRefused as refused:
        db.session.rollback()
        form.refuse(refused.refusals)
        return _begin_page(form, kind), REFUSED
    db.session.commit()
    return redirect(url_for("publishing.draft", publication=token))


def _begin_page(form: forms.BasisForm, kind: str) -> str:
    return render_template("publishing/begin.html", form=form, label=kinds.BY_CODE[kind].label)


@blueprint.route("/publications/<publication>", methods=["GET", "POST"])
@requires(permissions.PREPARE_REPORTS)
def draft(publication: str) -> Answer:
    row = _row_or_404(publication)
    if row.number is not None:
        return redirect(url_for("publishing.published", year=row.year, number=row.number))
    if request.method != "POST":
        return _draft_page(row, keeping=typing.here(db.session))
    version, form = posted_version(), _words_form(row)

    def save(found: Publication, who: Who) -> None:
        service.save_words(db.session, found, version, form.words(), who)
        typing.discard(db.session)

    def again(found: Publication, **said: Any) -> str:
        form.version.data = found.version
        return _draft_page(found, form=form, **said)

    refused = _changed(publication, None, save, again)
    if refused is not None:
        return refused
    flash("The words are saved.", "success")
    return redirect(url_for("publishing.draft", publication=publication))


def _words_form(row: Publication, kept: Any = None) -> forms.WordsForm:
    return forms.WordsForm.of(kinds.BY_CODE[row.kind].fields, row.words, row.version, kept)


def _draft_page(
    row: Publication,
    *,
    form: forms.WordsForm | None = None,
    keeping: typing.Keeping | None = None,
    **said: Any,
) -> str:
    kept = keeping.typed if keeping else None
    return _page(
        "publishing/draft.html",
        row,
        form=form or _words_form(row, kept),
        keeping=keeping,
        document=showing.paper(db.session, row).document,
        formats=[(name, pack.kind_of(name).label) for name in FORMATS],
        mark=MARK,
        **said,
    )


@blueprint.post("/publications/<publication>/count")
@requires(permissions.PREPARE_REPORTS)
def count_again(publication: str) -> Answer:
    row, version = _row_or_404(publication), posted_version()
    was, now = showing.counted(db.session, row), count(db.session, showing.basis_now(row))
    begun = kinds.prefilled(db.session, now)
    words = kinds.renewed(row.words, kinds.prefilled(db.session, was), begun)

    def change(found: Publication, who: Who) -> None:
        service.count_again(db.session, found, version, now, words, begun, who)

    refused = _changed(publication, DRAFT_REPORT, change, _draft_page)
    if refused is not None:
        return refused
    flash("The figures are counted from the log as it is now. Read the words again.", "success")
    return redirect(url_for("publishing.draft", publication=publication))


@blueprint.route("/publications/<publication>/approve", methods=["GET", "POST"])
@requires(permissions.APPROVE_REPORTS)
def approve(publication: str) -> Answer:
    row = _open_or_409(publication, APPROVE)
    if request.method != "POST":
        return _approve_page(row)
    version, content = posted_version(), request.form.get("content", "")

    def change(found: Publication, who: Who) -> None:
        service.approve(db.session, found, version, content, who)

    refused = _changed(publication, APPROVE, change, _approve_page)
    if refused is not None:
        return refused
    flash("The report is approved. Somebody else publishes it.", "success")
    return redirect(url_for("publishing.index"))


def _approve_page(row: Publication, **said: Any) -> str:
    barred = service.refusal(db.session, row, service.approval(row, me().actor))
    shown = showing.paper(db.session, row)
    return _page(
        "publishing/approve.html",
        row,
        document=shown.document,
        check_code=check_code(row.figures),
        content=service.content_of(row),
        since=showing.since_counted(db.session, row, shown.counted),
        barred=barred or service.other_figures(row, shown.counted),
        **said,
    )


@blueprint.route("/publications/<publication>/publish", methods=["GET", "POST"])
@requires(permissions.PUBLISH_REPORTS)
def publish(publication: str) -> Answer:
    row = _open_or_409(publication, PUBLISH)
    if request.method != "POST":
        return _publish_page(row)
    if _is_taken(publication, PUBLISH):
        return redirect(url_for("publishing.draft", publication=publication))
    version = posted_version()
    if _not_to_publish(row):
        return _publish_page(row), REFUSED
    today = clock.today()
    number = service.next_number(db.session, financial_year_of(today).label)
    try:
        made = pack.make(files(), showing.paper(db.session, row, number), number)
    except PdfRefused as refused:
        return _publish_page(row, refusals=(Refusal(str(refused)),)), REFUSED

    def change(found: Publication, who: Who) -> None:
        service.publish(db.session, found, version, made, who)

    refused_page = _changed(publication, PUBLISH, change, _publish_page)
    if refused_page is not None:
        return refused_page
    flash("The report is published.", "success")
    _sign_checkpoint()
    return redirect(url_for("publishing.draft", publication=publication))


def _sign_checkpoint() -> None:
    """Sign the log with the report on it; where that cannot be done, `casework audit checkpoint` will.

    The report is published in any case.
    """
    settings = current_app.extensions["casework"]
    left = readable_in(settings.checkpoint_dir)
    begin_write(db.session)
    try:
        sign(db.session, (keys.current(db.session, settings.signing_key),), left)
        db.session.commit()
    except (LogForked, KeyRefused, OSError, DBAPIError) as fault:
        db.session.rollback()
        current_app.logger.warning("A report has no checkpoint yet: %s", fault)


def _publish_page(row: Publication, **said: Any) -> str:
    shown = showing.paper(db.session, row)
    barred = _not_to_publish(row) or service.other_figures(row, shown.counted)
    return _page("publishing/publish.html", row, document=shown.document, barred=barred, **said)


def _not_to_publish(row: Publication) -> str | None:
    return service.refusal(db.session, row, service.publishing(row, me().actor))


@blueprint.route("/publications/<publication>/return", methods=["GET", "POST"])
@requires(permissions.PREPARE_REPORTS)
def send_back(publication: str) -> Answer:
    page, done = "publishing/return.html", "It is sent back."
    return _with_reason(publication, RETURN, page, service.send_back, done)


@blueprint.route("/publications/<publication>/drop", methods=["GET", "POST"])
@requires(permissions.PREPARE_REPORTS)
def drop(publication: str) -> Answer:
    page, done = "publishing/drop.html", "The report is dropped."
    return _with_reason(publication, DROP, page, service.drop, done)


def _with_reason(
    publication: str, step: Step, template: str, take: Callable[..., None], done: str
) -> Answer:
    row = _open_or_409(publication, step)
    form = forms.ReasonForm.of(row.version)
    if request.method != "POST":
        return _page(template, row, form=form)
    version = posted_version()

    def change(found: Publication, who: Who) -> None:
        take(db.session, found, version, form.reason.data or "", who)

    def again(found: Publication, **said: Any) -> str:
        form.version.data = found.version
        return _page(template, found, form=form, **said)

    refused = _changed(publication, step, change, again)
    if refused is not None:
        return refused
    flash(done, "success")
    return redirect(url_for("publishing.index"))


@blueprint.get("/publications/<publication>/files/<form>")
@requires(permissions.PREPARE_REPORTS)
def file(publication: str, form: str) -> Answer:
    row = _open_or_409(publication)
    if form not in FORMATS:
        abort(404)
    try:
        made = pack.written(showing.paper(db.session, row), form)
    except PdfRefused as refused:
        abort(422, str(refused))
    name = f"DRAFT {kinds.BY_CODE[row.kind].label}{pack.kind_of(form).suffix}"
    return handed_over(BytesIO(made), pack.kind_of(form), name, shown=True)


def _row_or_404(publication: str) -> Publication:
    return db.session.get(Publication, publication) or abort(404)


def _open_or_409(publication: str, step: Step | None = None) -> Publication:
    """The report, while something may still be done with it, or this very form took the step."""
    row = _row_or_404(publication)
    is_over = PUBLICATION.states_by_name[row.state].is_closed
    if is_over and not (request.method == "POST" and _is_taken(publication, step)):
        abort(409, f"This report was {row.state} already, so nothing was changed. Open it again.")
    return row


def _is_taken(publication: str, step: Step | None) -> bool:
    """Whether the form that was sent has taken this very step of this very report before."""
    return step is not None and is_taken_by(db.session, posted_req(), step.event, publication)


def _who() -> Who:
    return Who(me().actor, origin(posted_req()))


def _changed(
    publication: str, step: Step | None, change: Change, again: Callable[..., str]
) -> Answer | None:
    """Change a report in a transaction of its own; None, or the page that says why it was not.

    The form of a step, sent twice, has one effect; `step` is None for words, which may be none.
    """
    who = _who()
    begin_write(db.session)
    if _is_taken(publication, step):
        db.session.rollback()
        return None
    try:
        change(_row_or_404(publication), who)
    except StalePublication:
        db.session.rollback()
        return again(_row_or_404(publication), is_stale=True), STALE
    except StepRefused as refused:
        db.session.rollback()
        return again(_row_or_404(publication), refusals=refused.refusals), REFUSED
    db.session.commit()
    return None


def _page(template: str, row: Publication, **said: Any) -> str:
    """A page about a report, with what stands on all of them."""
    return render_template(
        template,
        **{
            "is_stale": False,
            "refusals": (),
            "row": row,
            "title": kinds.title_of(row.kind, row.from_on, row.to_on),
            "state": PUBLICATION.states_by_name[row.state],
            "told": showing.told(db.session, row),
            "unfinished": unfinished(row.words),
            **said,
        },
    )
