"""The only place for the pages of issuing a letter, and of letters that are issued."""

from dataclasses import replace
from functools import partial
from typing import Any

from flask import abort, redirect, render_template, request, url_for

from casework import clock, permissions
from casework.audit import record
from casework.audit.record import Origin
from casework.database import begin_write
from casework.extensions import db
from casework.files.kinds import KINDS_BY_CODE
from casework.letters import blueprint, drafts, issuing, leaving, queries
from casework.letters.drafts import Beginning
from casework.letters.issuing import Issued, Made
from casework.letters.leaving import LATER, WITH_STEP, Leaving
from casework.letters.rendering import PdfRefused
from casework.letters.views import draft_or_404
from casework.models import LetterDraft
from casework.office_settings import settings_at
from casework.outbox import queries as outbox
from casework.web import offers
from casework.web.access import note_read
from casework.web.files import handed_over, opened
from casework.web.filters import new_req
from casework.web.identity import me, origin, requires
from casework.web.opened_case import OpenedCase, OpenedItem, item_or_404, opened_or_404
from casework.web.step_forms import StepForm, posted_req
from casework.web.taking import StepBarred, Taking, answer
from workflows.attempt import StepRefused
from workflows.calendar import in_words
from workflows.definition import Refusal, Step
from workflows.history import EFFECTIVE_ON
from workflows.letter import CONFIRMED, ISSUE, LABELS, LETTER, SEND, unconfirmed
from workflows.paper import MARKED, MARKS, PAPER

Answer = Any
OPENED = "letter_opened"
_MARKS = {mark.code: mark.label for mark in MARKS}


@blueprint.route("/cases/<token>/letters/drafts/<draft>/issue", methods=["GET", "POST"])
@requires(permissions.SEND_LETTERS)
def issue(token: str, draft: str) -> Answer:
    return answer(partial(_issue, token, draft, _made(token, draft)))


def _made(token: str, draft: str) -> Made | str | None:
    """The letter made whole before anything is locked; a sentence where no PDF can be made of it.

    None where the form comes back anyway.
    """
    case, written = opened_or_404(token), draft_or_404(token, draft)
    if request.method != "POST" or written.issued:
        return None
    form = _issue_form(case, written)
    if not form.is_readable() or _refusal(written, form):
        return None
    number = issuing.next_number(case.items)
    try:
        return issuing.make(
            written, settings_at(db.session), case.row.reference, number, form.day or clock.today()
        )
    except PdfRefused as refused:
        return str(refused)


def _refusal(written: LetterDraft, form: StepForm) -> Refusal | None:
    """What must be mended before the letter is made."""
    borne = issuing.dated_on(written)
    if borne is not None and borne != form.day:
        return Refusal(
            f"The letter itself bears the date {in_words(borne)}. Enter that day, or change it "
            "in the letter first.",
            EFFECTIVE_ON,
        )
    return unconfirmed(form.given()[CONFIRMED.name])


def _issue_form(case: OpenedCase, written: LetterDraft) -> StepForm:
    sending = leaving.asked(
        case.workflow, case.standing.state, written.letter, me().actor, first=(LATER,)
    )
    step = replace(
        ISSUE,
        label=f"Issue the letter: {LABELS[written.letter]}",
        facts=(replace(CONFIRMED, label="I have checked that"), *sending),
        day_hint="The day that it bears, and on which it goes.",
    )
    prefill = {**_usual(case, written.letter, written.told), "way": LATER.code}
    return StepForm.of(step, case.office, clock.today(), prefill=prefill, version=written.version)


def _usual(case: OpenedCase, letter: str, told: str) -> dict[str, Any]:
    """What a form about sending begins with."""
    row, office = case.row, settings_at(db.session).office_name
    name = LABELS[letter].lower()
    return {
        "told": told,
        "message": f"Please find our letter ({name}) attached as a PDF.\n\n"
        f"Our reference is {row.reference}.\n\n{me().name}\n{office}",
        WITH_STEP: True,
    }


def _issue(token: str, draft: str, made: Made | str | None) -> Taking:
    case, written = opened_or_404(token), draft_or_404(token, draft)
    form = _issue_form(case, written)
    return Taking(
        opened=case,
        form=form,
        version=written.version,
        check=partial(_require_ready, token, written),
        take=partial(_take_issue, case, written, form, made),
        leads_to=url_for("letters.draft", token=token, draft=draft),
        noun="letter",
        template="letters/issue.html",
        more={"draft": written, "marked": _marked(case), "marks": _MARKS},
    )


def _marked(case: OpenedCase) -> list[Any]:
    return [paper for paper in case.kept(PAPER.name) if paper.values.get(MARKED.code)]


def _require_ready(token: str, written: LetterDraft) -> None:
    """StepBarred while something is to be completed, or what the letter tells no longer stands."""
    case = queries.case_letters(db.session, token) or abort(404)
    if left := issuing.unfinished(written):
        raise StepBarred(f"The letter leaves this to be completed: {'; '.join(left)}.", 409)
    offered = queries.offered(case.workflow, case.standing, case.items)
    if written.letter not in [letter.name for letter in offered]:
        raise StepBarred("What the letter tells no longer stands. It stays as a draft.", 409)


def _take_issue(
    case: OpenedCase, written: LetterDraft, form: StepForm, made: Made | str | None, asked: Origin
) -> None:
    given = form.given()
    if refusal := _refusal(written, form):
        raise StepRefused(refusal)
    if not isinstance(made, Made):
        raise StepRefused.because(made or "The letter was not made. Send the form again.")
    on = form.day or clock.today()
    letter = issuing.issue(
        db.session, written, case.row.reference, made, given[CONFIRMED.name], on, me().actor, asked
    )
    if given["way"] != LATER.code:
        _leave(case, letter, form, asked)


def _leave(case: OpenedCase, letter: Issued, form: StepForm, asked: Origin) -> None:
    given = form.given()
    step = leaving.step_of(case.workflow, case.standing.state, letter.name, me().actor)
    way = Leaving(
        told=given["told"],
        way=given["way"],
        addressee=given["addressee"] or _known_address(case, given["told"], given["way"]),
        message=given["message"] or "",
        on=form.day or clock.today(),
        step=step if given.get(WITH_STEP) else None,
    )
    leaving.leave(db.session, letter, case.ref, way, me().actor, asked)


def _known_address(case: OpenedCase, told: str, way: str) -> str:
    """Where the case says that the complainant is reached this way; empty for anybody else."""
    if told != "complainant":
        return ""
    row = case.row
    by_way = {"mail": row.complainant_email, "outlook": row.complainant_email}
    return by_way.get(way, row.complainant_address if way == "post" else None) or ""


@blueprint.get("/cases/<token>/letters/issued/<item>")
@requires(permissions.SEE_CASES)
def issued(token: str, item: str) -> Answer:
    found = _letter_or_404(token, item)
    letter = Issued(found.kept, found.opened.row.reference)
    page = render_template(
        "letters/issued.html",
        opened=found.opened,
        letter=letter,
        lines=offers.timeline(found, me().actor),
        mails=outbox.of_letter(db.session, item),
        others={each.number: each.token for each in issuing.issued_on(found.opened.items, "")},
    )
    note_read(db.session, me().token, token)
    return page


def _letter_or_404(token: str, item: str) -> OpenedItem:
    found = item_or_404(opened_or_404(token), item)
    return found if found.workflow is LETTER else abort(404)


@blueprint.route("/cases/<token>/letters/issued/<item>/send", methods=["GET", "POST"])
@requires(permissions.SEND_LETTERS)
def send(token: str, item: str) -> Answer:
    return answer(partial(_send, token, item))


def _send(token: str, item: str) -> Taking:
    found = _letter_or_404(token, item)
    case, letter = found.opened, Issued(found.kept, found.opened.row.reference)
    form = StepForm.of(
        _sending_step(case, letter),
        case.office,
        clock.today(),
        prefill=_usual(case, letter.name, _last_told(letter)),
        version=found.version,
    )
    return Taking(
        opened=case,
        form=form,
        version=found.version,
        check=partial(_require_standing, found, letter),
        take=partial(_leave, case, letter, form),
        leads_to=url_for("letters.issued", token=token, item=item),
        since=partial(offers.lines_since, found),
        noun="letter",
        template="letters/send.html",
        more={"letter": letter},
    )


def _require_standing(found: OpenedItem, letter: Issued) -> None:
    """StepBarred where the letter was replaced, or this person may not say how letters went."""
    if not letter.stands:
        raise StepBarred("This letter was replaced or entered in error, so it goes to nobody.", 409)
    offers.check_step(found, SEND, me().actor, clock.today())


def _sending_step(case: OpenedCase, letter: Issued) -> Step:
    facts = leaving.asked(case.workflow, case.standing.state, letter.name, me().actor)
    return replace(SEND, label="Send the letter", facts=facts)


def _last_told(letter: Issued) -> str:
    """Whom it goes to: as its draft said."""
    draft = drafts.of_letter(db.session, letter.token)
    return draft.told if draft else "complainant"


@blueprint.get("/cases/<token>/letters/issued/<item>/file/<form>")
@requires(permissions.SEE_CASES)
def file(token: str, item: str, form: str) -> Answer:
    found = _letter_or_404(token, item)
    letter = Issued(found.kept, found.opened.row.reference)
    digest = letter.files.get(form) or abort(404)
    content, kind = opened(digest), KINDS_BY_CODE[form]
    role = permissions.role_giving(me().roles, permissions.SEE_CASES)
    begin_write(db.session)
    stat = {"letter_item": item, "file": digest}
    event = record.NewEvent(OPENED, str(role), case=token, stat=stat)
    record.append(db.session, event, origin(new_req()))
    db.session.commit()
    return handed_over(content, kind, letter.saved_as(kind), shown=True)


@blueprint.post("/cases/<token>/letters/issued/<item>/replace")
@requires(permissions.SEND_LETTERS)
def write_anew(token: str, item: str) -> Answer:
    found = _letter_or_404(token, item)
    letter = Issued(found.kept, found.opened.row.reference)
    before = drafts.of_letter(db.session, item)
    if not letter.stands or before is None:
        abort(409, "This letter no longer stands, so nothing replaces it. Write a new one.")
    draft = f"l_{posted_req()}"
    beginning = Beginning(token, before.letter, before.told, before.text, replaces=item)
    begin_write(db.session)
    drafts.begin(db.session, draft, beginning, me().token)
    db.session.commit()
    return redirect(url_for("letters.draft", token=token, draft=draft))
