"""The only place for the pages of triage: the queue of new applications, each one, and its decision."""

from functools import partial
from typing import Any

from flask import abort, render_template, request, url_for

from casework import alike, clock, permissions
from casework.extensions import db
from casework.office_rules import office_rules
from casework.triage import blueprint, queries, service
from casework.triage.forms import DecisionForm
from casework.triage.options import BY_CODE, DECISION, OPTIONS, Option, deciding
from casework.web import kept, offers
from casework.web.access import note_read
from casework.web.case_tabs import kinds_on
from casework.web.case_words import Teller
from casework.web.identity import me, names, requires
from casework.web.opened_case import OpenedCase, opened_or_404
from casework.web.taking import Taking, answer
from workflows.complaint_review_validity import DECIDE_TIME, FIND_OUTCOME_DAY, FIND_REVIEW_BODY
from workflows.engine import steps_open_to
from workflows.triage import ASK, Assessment

Answer = Any
MINE, NOBODYS = "me", "nobody"
_LETTERS_FOLLOW = ("find_invalid", "forward", ASK)


@blueprint.get("/triage")
@requires(permissions.SEE_ALL_CASES)
def queue() -> Answer:
    whose = request.args.get("whose")
    conditions = {
        MINE: (queries.is_whose(me().token),),
        NOBODYS: (queries.is_whose(None),),
    }.get(whose or "", ())
    teller = Teller(office_rules(db.session), names(db.session), clock.today())
    return render_template(
        "triage/queue.html",
        queue=service.queue(db.session, me().actor, teller, *conditions),
        stages=service.STAGES,
        whose=whose if conditions else None,
    )


@blueprint.get("/cases/<token>/triage")
@requires(permissions.SEE_CASES)
def of_case(token: str) -> Answer:
    opened, today = opened_or_404(token), clock.today()
    read, found = _found(opened)
    page = render_template(
        "triage/case.html",
        opened=opened,
        found=found,
        words=read.words,
        time_decided=queries.words_of(opened, DECIDE_TIME.name).get("special_circumstances"),
        why_day=queries.words_of(opened, FIND_OUTCOME_DAY.name).get("reasons"),
        why_body=queries.words_of(opened, FIND_REVIEW_BODY.name).get("reasons"),
        barred=_barred(opened),
        option=BY_CODE.get(found.suggests or ""),
        sections=kept.sections(opened, kinds_on("triage.of_case"), me().actor, today),
        alike=alike.alike_of(db.session, [token], me().token)[token],
    )
    note_read(db.session, me().token, token)
    return page


def _found(opened: OpenedCase) -> tuple[queries.Read, Assessment]:
    """The case as triage reads it, and what the rules make of it; 404 where nothing was received."""
    read = queries.read(opened)
    return read, read.assessed(opened.office, clock.today()) or abort(404)


def _barred(opened: OpenedCase) -> dict[str, str | None]:
    """The steps that whoever is signed in has on this case by name, and why one is refused to them."""
    steps = steps_open_to(
        opened.workflow, opened.standing, me().actor, opened.office, clock.today()
    )
    return {each.step.name: each.barred for each in steps}


@blueprint.route("/cases/<token>/triage/decide", methods=["GET", "POST"])
@requires(permissions.WORK_ON_CASES)
def decide(token: str) -> Answer:
    return answer(partial(_decide, token))


def _decide(token: str) -> Taking:
    opened, today = opened_or_404(token), clock.today()
    read, found = _found(opened)
    # What is asked for by name is on the form whoever asks: the check says why it is refused.
    named = BY_CODE.get(request.form.get(DECISION) or request.args.get("step", ""))
    options = _options(opened, named)
    known = service.prefill(opened, read, found, options, today)
    decided = named.code if named else found.suggests
    form = DecisionForm.of(
        deciding(options),
        opened.office,
        today,
        prefill=known | {DECISION: decided},
        version=opened.version,
    )
    option = named or form.chosen or next(iter(options), OPTIONS[0])
    form.say_done(option)
    return Taking(
        opened=opened,
        form=form,
        version=opened.version,
        check=partial(offers.check_step, opened, option.step, me().actor, today),
        take=lambda req: service.decide(db.session, opened, form, option, me().actor, req),
        leads_to=_leads_to(option, token),
        since=partial(offers.lines_since, opened),
        template="triage/decide.html",
        is_own_stale=True,
        more={"found": found, "options": options},
    )


def _options(opened: OpenedCase, named: Option | None) -> tuple[Option, ...]:
    """What whoever is signed in may do now, and what they ask for by name."""
    barred = _barred(opened)
    return tuple(
        each for each in OPTIONS if each is named or barred.get(each.step.name, "never") is None
    )


def _leads_to(option: Option, token: str) -> str:
    """Where a decision leads on: to the letters that tell of it, or to what is decided next."""
    if option.code in _LETTERS_FOLLOW and me().may(permissions.WRITE_LETTERS):
        return url_for(
            "letters.index", token=token, _anchor="write" if option.code == ASK else "owed"
        )
    if option.code == DECIDE_TIME.name:
        return url_for("triage.decide", token=token)
    return url_for("cases.case", token=token)
