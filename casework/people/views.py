"""The pages of accounts: everybody, one person, and what is proposed, agreed to and done about them."""

from collections.abc import Callable
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, url_for
from sqlalchemy import select

from casework import permissions
from casework.accounts import factors, people, proposals, roles, sessions
from casework.accounts.people import PersonRefused
from casework.accounts.proposals import ProposalGone
from casework.audit import record
from casework.audit.record import Origin
from casework.database import begin_write
from casework.extensions import db
from casework.models import Person
from casework.outbox import notice_mail
from casework.outbox.queries import newest_link
from casework.people import blueprint, forms, inviting, queries
from casework.people.wording import in_words
from casework.web import identity
from casework.web.identity import me, requires
from casework.web.incoming import takes_lists
from casework.web.step_forms import REFUSED, posted_req
from config import Settings

Answer = Any


@blueprint.get("")
@requires(permissions.KEEP_PEOPLE, permissions.AGREE_ACCESS)
def index() -> Answer:
    return render_template(
        "people/index.html",
        found=queries.accounts(db.session),
        names=identity.names(db.session),
        me=me(),
        in_words=in_words,
    )


@blueprint.get("/<person>")
@requires(permissions.KEEP_PEOPLE, permissions.AGREE_ACCESS)
def account(person: str) -> Answer:
    found = _found(person)
    return render_template(
        "people/account.html",
        account=queries.account_of(db.session, found),
        names=identity.names(db.session),
        me=me(),
        in_words=in_words,
        mail=newest_link(db.session, person),
        factor=factors.standing(db.session, found),
        signed_in=sum(not each.why for each in sessions.of_person(db.session, person)),
        why_no_link=inviting.why_not(db.session, found, _settings()),
        history=queries.history(db.session, person, me().token),
    )


@blueprint.route("/invite", methods=["GET", "POST"])
@takes_lists("roles")
@requires(permissions.KEEP_PEOPLE)
def invite() -> Answer:
    def add(origin: Origin) -> str:
        email, name = form.email.data or "", form.name.data or ""
        added = people.add_person(db.session, email, name, (), origin, role=_keeping())
        proposals.propose_roles(db.session, added, form.roles.data, origin, role=_keeping())
        return "The account is proposed. It opens once somebody else agrees."

    form = forms.InviteForm(data={"req": forms.new_req()})
    return _enter("people/invite.html", form, add, url_for("people.index"))


@blueprint.route("/<person>/roles", methods=["GET", "POST"])
@takes_lists("roles")
@requires(permissions.KEEP_PEOPLE)
def change_roles(person: str) -> Answer:
    def change(origin: Origin) -> str:
        now = _found(person)
        if form.held.data != forms.held(now):
            abort(409, "Their roles were changed since this page was opened. Open it again.")
        wanted = frozenset(form.roles.data)
        taken, gained = now.role_names - wanted, wanted - now.role_names
        said = []
        if taken:
            roles.take_away(db.session, now, taken, origin, role=_keeping())
            said.append("What you took away has ended.")
        if gained or not taken:
            proposals.propose_roles(db.session, now, gained, origin, role=_keeping())
            said.append("What you added waits for somebody else to agree.")
        return " ".join(said)

    found = _found(person)
    opened = {"req": forms.new_req(), "held": forms.held(found), "roles": list(found.role_names)}
    form = forms.RolesForm(data=opened)
    return _about("people/roles.html", found, form, change)


@blueprint.route("/<person>/name", methods=["GET", "POST"])
@requires(permissions.KEEP_PEOPLE)
def rename(person: str) -> Answer:
    def change(origin: Origin) -> str:
        people.rename(db.session, _found(person), form.name.data or "", origin, role=_keeping())
        return "The name is changed."

    found = _found(person)
    form = forms.NameForm(data={"req": forms.new_req(), "name": found.name})
    return _about("people/rename.html", found, form, change)


@blueprint.route("/<person>/email", methods=["GET", "POST"])
@requires(permissions.KEEP_PEOPLE)
def change_email(person: str) -> Answer:
    def change(origin: Origin) -> str:
        now, typed = _found(person), form.email.data or ""
        proposals.propose_email(db.session, now, typed, origin, role=_keeping())
        return "The new address is proposed. It holds once somebody else agrees."

    form = forms.EmailForm(data={"req": forms.new_req()})
    return _about("people/email.html", _found(person), form, change)


@blueprint.route("/<person>/disable", methods=["GET", "POST"])
@requires(permissions.KEEP_PEOPLE)
def disable(person: str) -> Answer:
    said, notice = "The account is disabled.", notice_mail.DISABLED
    return _with_reason("people/disable.html", person, people.disable, said, notice)


@blueprint.route("/<person>/enable", methods=["GET", "POST"])
@requires(permissions.KEEP_PEOPLE)
def enable(person: str) -> Answer:
    said, notice = "The account is enabled.", notice_mail.ENABLED
    return _with_reason("people/enable.html", person, people.enable, said, notice)


@blueprint.route("/<person>/sign-out", methods=["GET", "POST"])
@requires(permissions.KEEP_PEOPLE)
def sign_out(person: str) -> Answer:
    said, notice = "They are signed out everywhere.", notice_mail.SIGNED_OUT
    return _with_reason("people/sign_out.html", person, people.sign_out, said, notice)


@blueprint.route("/<person>/second-factor", methods=["GET", "POST"])
@requires(permissions.KEEP_PEOPLE)
def remove_second_factor(person: str) -> Answer:
    said, notice = "The second factor is removed.", notice_mail.FACTOR_REMOVED
    act = people.remove_second_factor
    return _with_reason("people/second_factor.html", person, act, said, notice)


def _with_reason(
    template: str, person: str, act: Callable[..., None], said: str, notice: str
) -> Answer:
    """A form that asks why something of `accounts.people` is done to somebody, whom mail tells then."""

    def change(origin: Origin) -> str:
        now = _found(person)
        act(db.session, now, form.reason.data or "", origin, role=_keeping())
        return f"{said} {'They are told by email.' if _tell(now, notice) else 'Tell them.'}"

    form = forms.ReasonForm(data={"req": forms.new_req()})
    return _about(template, _found(person), form, change)


def _tell(person: Person, words: str) -> bool:
    """Have mail tell a person what was done to their account; False where none can."""
    return notice_mail.put(db.session, person.email, words, _settings().mail_server)


def _about(template: str, person: Person, form: Any, change: Callable[[Origin], str]) -> Answer:
    """A form about somebody's account, which leads back to it."""
    leads_to = url_for("people.account", person=person.token)
    return _enter(template, form, change, leads_to, person=person)


def _enter(
    template: str,
    form: Any,
    change: Callable[[Origin], str],
    leads_to: str,
    **more: Any,
) -> Answer:
    """Show a form, or take it: once, whole, or with the one thing to mend.

    `change` does what was asked, or raises PersonRefused; it says what was done.
    """
    refusal = None
    if form.validate_on_submit():
        asked = identity.origin(posted_req())
        begin_write(db.session)
        try:
            if not record.is_recorded(db.session, asked.req):
                done = change(asked)
                db.session.commit()
                flash(done, "success")
            return redirect(leads_to)
        except PersonRefused as refused:
            db.session.rollback()
            refusal = refused
            if refused.part:
                form[refused.part].errors = [str(refused)]
    page = render_template(template, form=form, refusal=refusal, **more)
    return page, REFUSED if form.is_submitted() else 200


@blueprint.post("/<person>/link")
@requires(permissions.KEEP_PEOPLE)
def send_link(person: str) -> Answer:
    asked, leads_to = identity.origin(posted_req()), url_for("people.account", person=person)
    begin_write(db.session)
    found = _found(person)
    if record.is_recorded(db.session, asked.req):
        return redirect(leads_to)
    try:
        inviting.send_link(db.session, found, _settings(), asked, role=_keeping())
    except PersonRefused as refused:
        abort(409, f"{refused} Nothing was changed.")
    db.session.commit()
    flash("A link to set a password is on its way by email.", "success")
    return redirect(leads_to)


@blueprint.post("/proposals/<int:proposal>/agree")
@requires(permissions.AGREE_ACCESS)
def agree(proposal: int) -> Answer:
    def settle(origin: Origin, role: str) -> tuple[Person, str]:
        email = proposals.standing(db.session, proposal)[1].email
        person = proposals.agree(db.session, proposal, origin, role=role)
        if person.email != email:
            server = _settings().mail_server
            notice_mail.put(db.session, email, notice_mail.EMAIL_CHANGED, server)
        invited = "" if person.password_hash else _invited(person, origin, role)
        return person, f"Agreed, and in force. {invited}".strip()

    return _settle(settle)


def _invited(person: Person, origin: Origin, role: str) -> str:
    """What came of sending a link to somebody without a password, in a sentence."""
    try:
        inviting.send_link(db.session, person, _settings(), origin, role=role)
    except PersonRefused as refused:
        return str(refused)
    return "A link to set a password is on its way to them by email."


@blueprint.post("/proposals/<int:proposal>/refuse")
@requires(permissions.AGREE_ACCESS)
def refuse(proposal: int) -> Answer:
    def settle(origin: Origin, role: str) -> tuple[Person, str]:
        person = proposals.refuse(db.session, proposal, origin, role=role)
        return person, "The proposal is refused. Nothing else was changed."

    return _settle(settle)


def _settle(settle: Callable[[Origin, str], tuple[Person, str]]) -> Answer:
    """Settle a proposal, once; `settle` gives whom it was about, and says what was done."""
    asked = identity.origin(posted_req())
    begin_write(db.session)
    if record.is_recorded(db.session, asked.req):
        return redirect(url_for("people.index"))
    role = permissions.role_giving(me().roles, permissions.AGREE_ACCESS) or ""
    try:
        person, done = settle(asked, role)
        leads_to = url_for("people.account", person=person.token)
    except ProposalGone:
        abort(409, "Somebody settled this proposal before. Nothing was changed. Look again.")
    except PersonRefused as refused:
        abort(409, f"{refused} Nothing was changed.")
    db.session.commit()
    flash(done, "success")
    return redirect(leads_to)


def _found(token: str) -> Person:
    """The person with this token; 404 where there is none."""
    query = select(Person).where(Person.token == token)
    return db.session.execute(query).scalar_one_or_none() or abort(404)


def _keeping() -> str:
    """The role under which somebody keeps accounts, for the log."""
    return permissions.role_giving(me().roles, permissions.KEEP_PEOPLE) or ""


def _settings() -> Settings:
    settings: Settings = current_app.extensions["casework"]
    return settings
