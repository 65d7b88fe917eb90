"""The only place that keeps what is typed into a form until it is recorded or thrown away.

A draft is its writer's own: kept as it is typed, given back when the form is opened again, gone
once the form has had its effect. It outlives stale forms, signing out and the session's end.
A form is known by its address, so every page that has one may keep what is typed in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import current_app, request, url_for
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from casework import clock
from casework.models import Draft
from casework.models.draft import LONGEST_FORM
from casework.web.identity import me
from casework.web.onward import safe_onward
from workflows.calendar import london_day

NOT_TYPED = frozenset({"csrf_token", "req", "version", "next", "draft_title", "rows", "then"})
LARGEST_VERSION = 10**9


class NoSuchForm(Exception):
    """An address is not that of a form of this application."""


@dataclass(frozen=True)
class Keeping:
    """A form whose words are kept: its address, and what was kept of it before, None for nothing."""

    form: str
    kept: Draft | None = None

    @property
    def typed(self) -> MultiDict[str, str] | None:
        """What was kept, as the browser would post it; None where nothing was."""
        return MultiDict((name, value) for name, value in self.kept.fields) if self.kept else None

    def was_kept_on(self, day: date | None) -> bool:
        """Whether a day is the one on which it was kept: then it was offered, not chosen."""
        return self.kept is not None and day == london_day(self.kept.saved_at)

    @property
    def keep_url(self) -> str:
        """Where a page posts the form to have it kept."""
        return url_for("drafts.keep", form=self.form)

    @property
    def discard_url(self) -> str:
        """Where a page posts to throw away what was kept."""
        return url_for("drafts.discard", form=self.form)


def here(session: Session) -> Keeping | None:
    """The form at the address of this request, with what its reader has kept; None signed out.

    What is posted stands for itself: nothing kept is put in its place.
    """
    if not current_user.is_authenticated:
        return None
    is_posted = request.method == "POST"
    kept = None if is_posted else session.get(Draft, (me().token, request.path))
    return Keeping(request.path, kept)


def case_of(form: str) -> str:
    """The token of the case that the form at this address is about, "" for none.

    Raises NoSuchForm when no form has this address.
    """
    adapter = current_app.url_map.bind("")
    if safe_onward(form) is None or len(form) > LONGEST_FORM:
        raise NoSuchForm(form)
    try:
        _, parts = adapter.match(form, method="POST")
        adapter.match(form, method="GET")
    except HTTPException:
        raise NoSuchForm(form) from None
    return str(parts.get("token", ""))


def posted() -> list[tuple[str, str]]:
    """What this request posts of a form, without what belongs to one sending of it."""
    return [pair for pair in request.form.items(multi=True) if pair[0] not in NOT_TYPED]


def keep(session: Session, form: str, typed: Sequence[tuple[str, str]] | None = None) -> Draft:
    """Keep what is typed into the form at an address, in place of what was kept before.

    That is what this request posts, unless `typed` says otherwise. Raises NoSuchForm; the caller
    commits.
    """
    now, key = clock.now(), (me().token, form)
    draft = session.get(Draft, key)
    if draft is None:
        draft = Draft(person_token=key[0], form=form, case_token=case_of(form), began_at=now)
        session.add(draft)
    draft.title = request.form.get("draft_title", "")[:LONGEST_FORM]
    draft.fields = [list(pair) for pair in (posted() if typed is None else typed)]
    draft.base_version, draft.saved_at = _version(), now
    session.flush()
    return draft


def discard(session: Session, form: str | None = None) -> None:
    """Forget what was kept of a form, this request's own unless another is named.

    It is recorded, or not wanted; the caller commits.
    """
    draft = session.get(Draft, (me().token, form or request.path))
    if draft is not None:
        session.delete(draft)
        session.flush()


def begun(session: Session, case: str | None = None) -> Sequence[Draft]:
    """What the person signed in has begun and not finished, on one case or anywhere; newest first."""
    query = select(Draft).where(Draft.person_token == me().token).order_by(Draft.saved_at.desc())
    if case is not None:
        query = query.where(Draft.case_token == case)
    return session.execute(query).scalars().all()


def _version() -> int | None:
    typed = request.form.get("version", "")
    is_number = typed.isascii() and typed.isdigit() and int(typed) < LARGEST_VERSION
    return int(typed) if is_number else None
