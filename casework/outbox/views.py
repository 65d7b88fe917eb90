"""The only place for the page of mail to send: what waits, what failed, what is not sure.

Each sees the mail that is theirs to settle: letters, checkpoints, or mail about accounts.
"""

from collections.abc import Callable
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy import select

from casework import permissions
from casework.audit import record
from casework.audit.record import Origin
from casework.database import begin_write
from casework.extensions import db
from casework.models import Case, OutboxMail
from casework.outbox import blueprint, queries, queue
from casework.web.identity import me, origin, requires
from casework.web.step_forms import posted_req
from workflows.attempt import StepRefused
from workflows.definition import Actor

_requires_some = requires(permissions.SEND_LETTERS, permissions.KEEP_PEOPLE)
SETTLE: dict[str, tuple[Callable[..., None], str]] = {
    "retry": (queue.retry, "The mail waits to be sent again."),
    "sent": (queue.mark_sent, "The mail is recorded as sent."),
    "cancel": (queue.cancel, "The mail is cancelled. It will not be sent."),
}


@blueprint.get("")
@_requires_some
def index() -> Any:
    return render_template(
        "outbox/index.html",
        found=queries.not_sent(db.session, me().token, me().roles),
        has_server=current_app.extensions["casework"].mail_server is not None,
    )


@blueprint.post("/<mail>/<decision>")
@_requires_some
def settle(mail: str, decision: str) -> Any:
    if decision not in SETTLE:
        abort(404)
    asked = origin(posted_req())
    if record.is_recorded(db.session, asked.req):
        return redirect(url_for("outbox.index"))
    begin_write(db.session)
    _require_visible(mail)
    settled, said = SETTLE[decision]
    _settle(settled, mail, me().actor, asked)
    db.session.commit()
    flash(said, "success")
    return redirect(url_for("outbox.index"))


def _settle(settled: Callable[..., None], mail: str, actor: Actor, asked: Origin) -> None:
    try:
        settled(db.session, mail, request.form.get("seen", ""), actor, asked)
    except queue.MailGone:
        abort(
            409, "This mail has moved on since the page was made. Nothing was changed. Look again."
        )
    except queue.NoticeStays:
        abort(409, "Whoever was to be told of their account is told. Nothing was changed.")
    except StepRefused as refused:
        abort(409, f"{refused.sentence} Nothing was changed.")


def _require_visible(mail: str) -> None:
    """404 unless the mail is there and theirs to settle."""
    seen = (
        select(OutboxMail.token)
        .outerjoin(Case, Case.token == OutboxMail.case_token)
        .where(OutboxMail.token == mail, queries.may_be_seen_by(me().token, me().roles))
    )
    if db.session.execute(seen).first() is None:
        abort(404)
