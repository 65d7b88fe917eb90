"""The only place for the pages of letters being written: chosen, edited, finished in Word."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from casework import clock, permissions
from casework.audit import record
from casework.database import begin_write
from casework.extensions import db
from casework.files.kinds import DOCX, PDF
from casework.letters import blueprint, drafts, issuing, queries, service
from casework.letters.drafts import StaleDraft
from casework.letters.facts import letter_facts
from casework.letters.rendering import PdfRefused
from casework.letters.templates import queries as templates
from casework.letters.templates.filling import filled
from casework.letters.words import text_of_letter
from casework.models import LetterDraft
from casework.office_settings import settings_at
from casework.web import drafts as typing
from casework.web.access import note_read
from casework.web.files import files, handed_over, opened, takes_files
from casework.web.filters import new_req
from casework.web.identity import me, names, origin, requires
from casework.web.offers import letters_owed
from casework.web.opened_case import opened_or_404
from casework.web.step_forms import REFUSED, posted_req, posted_version
from casework.web.uploads import Uploads
from workflows.definition import Letter
from workflows.letter import LABELS, TOLD

Answer = Any
TAKEN = "letter_taken"
LETTERS = permissions.WRITE_LETTERS
WHO = {choice.code: choice.label for choice in TOLD}


@blueprint.get("/cases/<token>/letters")
@requires(permissions.SEE_CASES)
def index(token: str) -> Answer:
    case = opened_or_404(token)
    page = render_template(
        "letters/index.html",
        opened=case,
        offered=queries.offered(case.workflow, case.standing, case.items),
        written=drafts.being_written(db.session, token),
        issued=issuing.issued_on(case.items, case.row.reference)[::-1],
        owed=letters_owed(case),
        labels=LABELS,
        told=WHO,
    )
    note_read(db.session, me().token, token)
    return page


@blueprint.post("/cases/<token>/letters/<name>")
@requires(LETTERS)
def begin(token: str, name: str) -> Answer:
    opened_or_404(token)
    case = queries.case_letters(db.session, token) or abort(404)
    letter = case.letter(name) or abort(404)
    if letter not in queries.offered(case.workflow, case.standing, case.items):
        abort(
            409,
            f"The letter “{letter.label}” cannot be written on case {case.row.reference}: what it "
            "tells has not happened, or no longer stands. Record the step first, then write it.",
        )
    told = request.form.get("told") or letter.to[0]
    if told not in letter.to:
        abort(400, "The letter does not go to them. Open the case’s letters and choose again.")
    draft, beginning = f"l_{posted_req()}", _beginning(case, letter, told)
    begin_write(db.session)
    drafts.begin(db.session, draft, beginning, me().token)
    db.session.commit()
    return redirect(url_for("letters.draft", token=token, draft=draft))


def _beginning(case: queries.CaseLetters, letter: Letter, told: str) -> drafts.Beginning:
    """A letter as the case, and the office's own Word template where it has one, begin it."""
    facts = letter_facts(case, letter, me().name, told)
    text = text_of_letter(letter.name, facts)
    own = templates.in_use(db.session, letter.name)
    if own is None:
        return drafts.Beginning(case.row.token, letter.name, told, text)
    with opened(own) as template:
        document = BytesIO(filled(template.read(), facts))
    docx = files().keep(document, f"{letter.name}.docx", only=(DOCX,))
    return drafts.Beginning(case.row.token, letter.name, told, text, own, docx)


def draft_or_404(token: str, draft: str) -> LetterDraft:
    """The draft of a case that an address names; 404 when the case has none of that token."""
    return drafts.draft_on(db.session, token, draft) or abort(404)


@blueprint.route("/cases/<token>/letters/drafts/<draft>", methods=["GET", "POST"])
@requires(LETTERS)
def draft(token: str, draft: str) -> Answer:
    opened_or_404(token)
    written = draft_or_404(token, draft)
    if written.issued:
        return redirect(url_for("letters.issued", token=token, item=written.issued))
    if request.method != "POST":
        page = _page(token, written)
        note_read(db.session, me().token, token)
        return page
    version, text = posted_version(), request.form.get("text", "")

    def save(found: LetterDraft) -> None:
        drafts.save_text(db.session, found, version, text, me().token)
        typing.discard(db.session)

    if stale := _changed(token, draft, save):
        return stale
    if request.form.get("then") == "issue":
        return redirect(url_for("letters.issue", token=token, draft=draft))
    flash("The letter is saved.", "success")
    return redirect(url_for("letters.draft", token=token, draft=draft))


def _changed(token: str, draft: str, change: Callable[[LetterDraft], None]) -> Answer | None:
    """Change a draft in a transaction of its own; the page of 409 when somebody else did before."""
    begin_write(db.session)
    found = draft_or_404(token, draft)
    try:
        change(found)
    except StaleDraft:
        db.session.rollback()
        return _page(token, draft_or_404(token, draft), yours=request.form.get("text")), 409
    db.session.commit()
    return None


def _page(
    token: str, written: LetterDraft, *, yours: str | None = None, refusals: tuple[str, ...] = ()
) -> str:
    """The page of a draft; `yours` is the text of who was late, beside what is there now."""
    keeping = typing.here(db.session) if request.endpoint == "letters.draft" else None
    kept = keeping.typed["text"] if keeping and keeping.typed else None
    return render_template(
        "letters/draft.html",
        opened=opened_or_404(token),
        draft=written,
        label=LABELS[written.letter],
        told=WHO[written.told],
        text=next(text for text in (yours, kept, written.text) if text is not None),
        keeping=keeping,
        is_stale=yours is not None,
        refusals=refusals,
        unfinished=issuing.unfinished(written),
        names=names(db.session),
        largest=files().largest,
    )


@blueprint.get("/cases/<token>/letters/drafts/<draft>/word")
@requires(LETTERS)
def word(token: str, draft: str) -> Answer:
    opened_or_404(token)
    written = draft_or_404(token, draft)
    case = queries.case_letters(db.session, token) or abort(404)
    name = service.file_name(case.row.reference, written.letter)
    file = opened(written.docx) if written.docx else BytesIO(service.docx_of(case, written.text))
    role = permissions.role_giving(me().roles, LETTERS)
    begin_write(db.session)
    stat = {"letter": written.letter}
    event = record.NewEvent(TAKEN, str(role), case=token, stat=stat)
    record.append(db.session, event, origin(new_req()))
    db.session.commit()
    return handed_over(file, DOCX, name, shown=False)


@blueprint.get("/cases/<token>/letters/drafts/<draft>/preview")
@requires(LETTERS)
def preview(token: str, draft: str) -> Answer:
    case = opened_or_404(token)
    written = draft_or_404(token, draft)
    office, number = settings_at(db.session), issuing.next_number(case.items)
    try:
        made = issuing.printed(written, office, case.row.reference, number, clock.today())
    except PdfRefused as refused:
        abort(422, str(refused))
    note_read(db.session, me().token, token)
    return handed_over(BytesIO(made), PDF, f"{LABELS[written.letter]}.pdf", shown=True)


@blueprint.post("/cases/<token>/letters/drafts/<draft>/upload")
@requires(LETTERS)
@takes_files
def upload(token: str, draft: str) -> Answer:
    opened_or_404(token)
    version, uploads = posted_version(), Uploads.received(only=(DOCX, PDF), most=1)
    if not uploads.kept:
        refusals = uploads.refusals or ("Choose the finished letter, a Word file or a PDF.",)
        page = _page(token, draft_or_404(token, draft), refusals=refusals), REFUSED
        return uploads.status(page)
    kept = uploads.kept[0].kept

    def finish(found: LetterDraft) -> None:
        drafts.finish(db.session, found, version, kept, me().token)

    return _changed(token, draft, finish) or redirect(
        url_for("letters.draft", token=token, draft=draft)
    )


@blueprint.post("/cases/<token>/letters/drafts/<draft>/text")
@requires(LETTERS)
def return_to_text(token: str, draft: str) -> Answer:
    opened_or_404(token)
    version = posted_version()

    def leave(found: LetterDraft) -> None:
        drafts.return_to_text(db.session, found, version, me().token)

    return _changed(token, draft, leave) or redirect(
        url_for("letters.draft", token=token, draft=draft)
    )


@blueprint.post("/cases/<token>/letters/drafts/<draft>/discard")
@requires(LETTERS)
def discard(token: str, draft: str) -> Answer:
    opened_or_404(token)
    version = posted_version()

    def throw_away(found: LetterDraft) -> None:
        drafts.throw_away(db.session, found, version)

    if stale := _changed(token, draft, throw_away):
        return stale
    flash("The draft was thrown away.", "success")
    return redirect(url_for("letters.index", token=token))
