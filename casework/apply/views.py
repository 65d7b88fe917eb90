"""The only place for the pages of the public form: asked one by one, checked, sent, confirmed."""

from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import Any

from flask import abort, current_app, redirect, render_template, request, url_for
from sqlalchemy.exc import DBAPIError

from casework.apply import blueprint, robots, service, summary, visit, waiting
from casework.apply.flow import CHECK, FIRST, Answers
from casework.apply.forms import PageForm, PublicForm, SendForm
from casework.apply.pages import NAMES, PAPER_PAGES, Page
from casework.apply.visit import Visit
from casework.database import begin_write
from casework.errors import typed_texts
from casework.extensions import db
from casework.files.kinds import KINDS
from casework.files.store import Store
from casework.office_settings import settings_at
from casework.web import limits
from casework.web.files import FILES_AT_ONCE, files, takes_files_of
from casework.web.incoming import FILE
from casework.web.step_forms import REFUSED
from casework.web.uploads import Uploads
from config import MEGABYTE
from workflows.attempt import StepRefused
from workflows.definition import Refusal

Answer = Any
Change = Callable[[Answers], Answers]
MOST_PAPERS = 10
"""Of one kind, with one application."""
LARGEST, SPARE = 15 * MEGABYTE, 1_000 * MEGABYTE
"""The largest file of the public, and what their files leave of the disk."""
PATIENCE_SECONDS = 3
LOST = (
    "Your answers are not here any more",
    "Answers are kept for 24 hours after the last one. Yours were older, or they were deleted on "
    "this device. Nothing was sent to us from this page.",
)
NOT_YOURS = (
    "Open the page again",
    "This page was open for too long, or your browser did not send the cookie that the form needs. "
    "Nothing was kept from it; what you answered on other pages still is, for 24 hours.",
)
NOTICES = ("apply.privacy", "apply.accessibility", "apply.contact")
NOT_OWN, OVER, STALE, LIMITED = 400, 410, 409, 429
CHANGED = (
    "Your answers were changed after this page was opened, perhaps in another window. They are "
    "shown as they are now. Check them, then send them."
)

blueprint.after_request(visit.write_cookie)


@blueprint.before_request
def _only_while_open() -> Answer:
    """None, or the page that says how else to apply, where the office has the form switched off.

    The notices stay: who applied before may look up what happens to their data.
    """
    office = settings_at(db.session)
    is_notice = request.endpoint in NOTICES and not office.missing_for_form
    return None if office.is_form_open or is_notice else (_said("closed"), 404)


@blueprint.get("")
def start() -> Answer:
    return _said("start")


@blueprint.get("/begin")
def begin() -> Answer:
    """To where somebody left off, or to the first page."""
    here = Visit.of_request(db.session)
    return redirect(_page_url(FIRST) if here.reference else _onward_url(here))


@blueprint.get("/ended")
def ended() -> Answer:
    here = Visit.of_request(db.session)
    verdict = here.journey.verdict
    if verdict.ending is None:
        return redirect(_onward_url(here))
    return _said("ended", verdict=verdict, back=_page_url(here.journey.pages[-1].name))


def _most_of_files() -> int:
    """How much larger than others a request may be: with papers, of somebody whose answers wait."""
    takes_papers = (request.view_args or {}).get("name") in PAPER_PAGES
    is_bringing = takes_papers and request.mimetype == "multipart/form-data"
    may = is_bringing and Visit.of_request(db.session).found is not None
    return FILES_AT_ONCE * LARGEST if may else 0


def _store() -> Store:
    """The store as the public may use it: smaller files, and never the last of the disk."""
    store = files()
    return replace(store, largest=min(store.largest, LARGEST), spare=SPARE)


@blueprint.route("/questions/<name>", methods=["GET", "POST"])
@takes_files_of(_most_of_files)
def page(name: str) -> Answer:
    if name not in NAMES:
        abort(404)
    here = Visit.of_request(db.session)
    if request.method == "POST" and not PublicForm.of(here.token).is_own():
        return _not_own()
    if here.reference is not None and name != FIRST:
        return redirect(url_for("apply.sent"))
    if request.method == "POST" and here.found is None and name != FIRST:
        return _over()
    asked = here.journey.page(name)
    if asked is None:
        return redirect(_onward_url(here))
    form = PageForm.about(asked, here.journey, here.token)
    if request.method != "POST":
        return _page(here, form)
    return _take_papers(here, form) if asked.takes else _answer(here, form)


def _answer(here: Visit, form: PageForm) -> Answer:
    said = form.said(here.journey)
    if form.error_list():
        return _page(here, form), REFUSED
    return _keep(form.page, lambda answers: answers.answering(form.page, said), _onward_url)


def _take_papers(here: Visit, form: PageForm) -> Answer:
    asked = form.page
    removed, earlier = request.form.get("remove"), here.journey.answers.uploads(asked.takes)
    is_bringing = any(each.filename for each in request.files.getlist(FILE))
    if is_bringing and not _may(robots.UPLOAD, (request.content_length or 0) // 1000 + 1):
        return _limited()
    uploads = Uploads.received(most=MOST_PAPERS, earlier=earlier, store=_store())
    new = tuple(each for each in uploads.kept if each not in earlier)
    is_done = not (uploads.refusals or removed or "add" in request.form)

    def change(answers: Answers) -> Answers:
        left = (each for each in answers.uploads(asked.takes) if each.kept.sha256 != removed)
        brought = answers.bringing(asked.takes, tuple(dict.fromkeys((*left, *new)))[:MOST_PAPERS])
        return brought.answering(asked, {}) if is_done else brought

    def stay(_: Visit) -> str:
        return _page_url(asked.name)

    if not uploads.refusals:
        return _keep(asked, change, _onward_url if is_done else stay)
    if new:
        _keep(asked, change, stay)
    form.refuse([Refusal(" ".join(uploads.refusals), FILE)])
    return uploads.status((_page(Visit.of_request(db.session), form), REFUSED))


def _keep(asked: Page, change: Change, leads_to: Callable[[Visit], str]) -> Answer:
    """Keep what a page was answered with beside what other windows kept meanwhile, and go on."""
    begin_write(db.session)
    here = Visit.of_request(db.session)
    if here.found is None or here.reference is not None:
        if asked.name != FIRST:
            return _over()
        if not limits.count(db.session, robots.BEGIN):
            return _limited()
        here = here.begin()
    now = here.keep(change(here.journey.answers))
    leads = leads_to(now)
    db.session.commit()
    return redirect(leads)


@blueprint.route(f"/{CHECK}", methods=["GET", "POST"])
def check() -> Answer:
    """What was answered, to be changed or sent; sent, it leads to the confirmation, however often."""
    here = Visit.of_request(db.session)
    form = SendForm.of(here.token, version=here.found.version if here.found else 0)
    is_posted = request.method == "POST"
    if is_posted and not form.is_own():
        return _not_own()
    if here.reference is not None:
        return redirect(url_for("apply.sent"))
    if is_posted and here.found is None:
        return _over()
    if not here.journey.is_complete:
        return redirect(_onward_url(here))
    return _send(here, form) if is_posted else _check_page(here, form)


def _send(here: Visit, form: SendForm) -> Answer:
    if here.found is None or form.version.data != str(here.found.version):
        return _check_page(here, form, CHANGED), STALE
    if robots.has_filled_trap():
        return _check_page(here, form, robots.TRAPPED), REFUSED
    if robots.is_too_fast(here.found.begun_at):
        return _check_page(here, form, robots.TOO_FAST), REFUSED
    copy = summary.keep_copy(here.journey)
    begin_write(db.session)
    now = Visit.of_request(db.session)
    if now.found is None or now.reference or now.found.version != here.found.version:
        return redirect(url_for("apply.sent" if now.reference else "apply.check"))
    if not limits.count(db.session, robots.SEND):
        return _limited()
    try:
        service.send(db.session, now.token, now.found, now.journey, copy)
    except StepRefused as refused:
        db.session.rollback()
        return _check_page(here, form, refused.sentence), REFUSED
    db.session.commit()
    _let_be_found()
    return redirect(url_for("apply.sent"))


def _let_be_found() -> None:
    """Let the search find what was sent, one file at a time; it is sent, whatever comes of this.

    What takes too long, or fails, `casework tidy` does later.
    """
    until = monotonic() + PATIENCE_SECONDS
    try:
        for each in waiting.to_be_found(db.session):
            if monotonic() > until:
                break
            begin_write(db.session)
            service.let_be_found(db.session, each, files().text)
            db.session.commit()
    except (DBAPIError, OSError):
        db.session.rollback()
        current_app.logger.exception("The words of papers that were sent could not be kept.")


@blueprint.get("/sent")
def sent() -> Answer:
    """The confirmation, for as long as what was sent is known here: opened again, it is the same."""
    here = Visit.of_request(db.session)
    if here.reference is None:
        return redirect(url_for("apply.start"))
    may_mail = current_app.extensions["casework"].may_mail
    return _said("sent", reference=here.reference, may_mail=may_mail)


@blueprint.route("/forget", methods=["GET", "POST"])
def forget() -> Answer:
    """Delete the answers at once, as on a computer that others use."""
    here = Visit.of_request(db.session)
    form = PublicForm.of(here.token)
    if request.method == "POST":
        if not form.is_own():
            return _not_own()
        begin_write(db.session)
        waiting.forget(db.session, here.token)
        db.session.commit()
        return redirect(url_for("apply.forget"))
    return _said("forget", form=form, is_there=here.found is not None)


def _may(what: limits.Limit, much: int) -> bool:
    """Count something at once, as it costs the server something whatever comes of it."""
    begin_write(db.session)
    is_allowed = limits.count(db.session, what, much)
    db.session.commit()
    return is_allowed


def _page(here: Visit, form: PageForm) -> str:
    return _said(
        "page",
        form=form,
        page=form.page,
        last_day=here.journey.verdict.last_day,
        uploads=Uploads(
            KINDS, MOST_PAPERS, _store(), here.journey.answers.uploads(form.page.takes)
        ),
        before=here.journey.before(form.page),
    )


def _check_page(here: Visit, form: SendForm, fault: str = "") -> str:
    form.version.data = str(here.found.version) if here.found else ""
    return _said(
        "check",
        form=form,
        fault=fault,
        sections=summary.rows_of(here.journey),
        notes=here.journey.verdict.notes,
        trap=robots.TRAP,
    )


def _not_own() -> Answer:
    """A form that was not made for this cookie, or came without one: nothing of it is kept."""
    return _said("not_kept", said=NOT_YOURS, typed=typed_texts()), NOT_OWN


def _over() -> Answer:
    """A form of somebody whose answers are gone: their day was over, or they deleted them."""
    db.session.rollback()
    return _said("not_kept", said=LOST, typed=typed_texts()), OVER


def _limited() -> Answer:
    """Too much from one address on one day; what was answered before stays kept."""
    db.session.rollback()
    return _said("limited", typed=typed_texts()), LIMITED


def _said(template: str, **more: Any) -> str:
    return render_template(f"apply/{template}.html", office=settings_at(db.session), **more)


def _onward_url(here: Visit) -> str:
    """The first page that wants an answer, else where all answers are checked, or the end."""
    journey = here.journey
    if journey.verdict.ending is not None:
        return url_for("apply.ended")
    return _page_url(journey.open_page.name) if journey.open_page else url_for("apply.check")


def _page_url(name: str) -> str:
    return url_for("apply.page", name=name)
