"""The only place for the pages of papers: listed, added, given new versions, and handed over.

What is changed otherwise of a paper follows from its definition (`cases.items`).
"""

import secrets
from contextlib import ExitStack
from functools import partial
from typing import Any

from flask import abort, render_template, url_for

from casework import clock, permissions
from casework.audit import record
from casework.database import begin_write
from casework.extensions import db
from casework.items import begin_item
from casework.papers import blueprint, queries, service
from casework.web import offers
from casework.web.access import note_read
from casework.web.files import handed_over, opened, takes_files
from casework.web.identity import me, origin, requires
from casework.web.opened_case import BegunItem, item_or_404, opened_or_404
from casework.web.step_forms import StepForm
from casework.web.taking import Taking, answer
from casework.web.uploads import UploadForm, Uploads
from workflows.attempt import Attempt
from workflows.paper import ADD, DESCRIBE, HOLD, PAPER, REPLACE, VIEW

Answer = Any


@blueprint.get("/cases/<token>/papers")
@requires(permissions.SEE_CASES)
def index(token: str) -> Answer:
    case = opened_or_404(token)
    page = render_template(
        "papers/index.html",
        opened=case,
        papers=queries.papers_of(db.session, case),
        steps={"replace": REPLACE, "describe": DESCRIBE, "view": VIEW},
    )
    note_read(db.session, me().token, token)
    return page


@blueprint.route("/cases/<token>/papers/add", methods=["GET", "POST"])
@requires(permissions.WORK_ON_CASES)
@takes_files
def add(token: str) -> Answer:
    opened_or_404(token)
    uploads = Uploads.received()
    return uploads.status(answer(partial(_add, token, uploads)))


def _add(token: str, uploads: Uploads) -> Taking:
    case = opened_or_404(token)
    form = UploadForm.bringing(uploads, ADD, case.office, clock.today())
    attempt = Attempt(ADD.name, form.day, form.given(), me().actor)
    begun = BegunItem(case, PAPER)
    return Taking(
        opened=case,
        form=form,
        version=None,
        check=partial(offers.check_step, begun, ADD, me().actor, clock.today()),
        take=lambda asked: service.add(db.session, token, uploads.kept, attempt, asked),
        leads_to=url_for("papers.index", token=token),
        noun=PAPER.noun,
        template="papers/upload.html",
        more={"paper": None},
    )


@blueprint.route("/cases/<token>/papers/hold", methods=["GET", "POST"])
@requires(permissions.WORK_ON_CASES)
def hold(token: str) -> Answer:
    return answer(partial(_hold, token))


def _hold(token: str) -> Taking:
    case = opened_or_404(token)
    form = StepForm.of(HOLD, case.office, clock.today())
    attempt = Attempt(HOLD.name, form.day, form.given(), me().actor)
    begun = BegunItem(case, PAPER)
    return Taking(
        opened=case,
        form=form,
        version=None,
        check=partial(offers.check_step, begun, HOLD, me().actor, clock.today()),
        take=lambda asked: begin_item(db.session, token, PAPER, attempt, asked),
        leads_to=url_for("papers.index", token=token),
        noun=PAPER.noun,
    )


@blueprint.route("/cases/<token>/papers/<item>/replace", methods=["GET", "POST"])
@requires(permissions.WORK_ON_CASES)
@takes_files
def replace(token: str, item: str) -> Answer:
    _paper_or_404(token, item)
    uploads = Uploads.received(most=1)
    return uploads.status(answer(partial(_replace, token, item, uploads)))


def _replace(token: str, item: str, uploads: Uploads) -> Taking:
    paper = _paper_or_404(token, item)
    form = UploadForm.bringing(uploads, REPLACE, paper.office, clock.today(), version=paper.version)
    attempt = Attempt(REPLACE.name, form.day, form.given(), me().actor)
    return Taking(
        opened=paper.opened,
        form=form,
        version=paper.version,
        check=partial(offers.check_step, paper, REPLACE, me().actor, clock.today()),
        take=lambda asked: service.add_version(
            db.session, paper.ref, uploads.kept[0], attempt, asked
        ),
        leads_to=url_for("papers.index", token=token),
        since=partial(offers.lines_since, paper),
        noun=PAPER.noun,
        template="papers/upload.html",
        more={"paper": paper.kept},
    )


def _paper_or_404(token: str, item: str) -> Any:
    found = item_or_404(opened_or_404(token), item)
    return found if found.workflow is PAPER else abort(404)


@blueprint.get("/cases/<token>/papers/<item>/<int:seq>/show")
@requires(permissions.SEE_CASES)
def show(token: str, item: str, seq: int) -> Answer:
    return _hand_over(token, item, seq, shown=True)


@blueprint.get("/cases/<token>/papers/<item>/<int:seq>/download")
@requires(permissions.SEE_CASES)
def download(token: str, item: str, seq: int) -> Answer:
    return _hand_over(token, item, seq, shown=False)


def _hand_over(token: str, item: str, seq: int, *, shown: bool) -> Answer:
    """Record that the file is handed over, then hand it over: without the event there is no file."""
    _, version = queries.version_of(db.session, opened_or_404(token), item, seq) or abort(404)
    kind, saved_as, file = version.kind, version.saved_as, opened(version.stored.sha256)
    role = permissions.role_giving(me().roles, permissions.SEE_CASES)
    event = service.handing_over(token, item, version, str(role), shown=shown)
    with ExitStack() as unless_recorded:
        unless_recorded.callback(file.close)
        begin_write(db.session)
        record.append(db.session, event, origin(secrets.token_hex(16)))
        db.session.commit()
        unless_recorded.pop_all()
    return handed_over(file, kind, saved_as, shown=shown)
