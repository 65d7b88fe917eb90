"""The pages of the office's own Word templates: which letter has one, and one letter's."""

import secrets
from io import BytesIO
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from casework import permissions
from casework.audit import record
from casework.database import begin_write
from casework.extensions import db
from casework.files.kinds import DOCX, PDF
from casework.files.looking import FileRefused
from casework.letters.facts import letter_facts
from casework.letters.placeholders import LetterFacts, placeholders, sample_facts
from casework.letters.queries import case_letters
from casework.letters.rendering import PdfRefused, docx_to_pdf
from casework.letters.service import word_starter
from casework.letters.templates import blueprint, checking, queries, service
from casework.letters.templates.filling import filled
from casework.web.access import note_read
from casework.web.files import files, handed_over, opened, takes_files
from casework.web.identity import admit_to, me, origin, requires
from casework.web.step_forms import REFUSED, posted_req
from workflows.complaint_review import COMPLAINT_REVIEW
from workflows.definition import Letter

Answer = Any
_LETTERS = {letter.name: letter for letter in COMPLAINT_REVIEW.letters}
_BUILT_IN = "built_in"


@blueprint.get("/")
@requires(permissions.CHANGE_SETTINGS)
def index() -> Answer:
    rows = [
        (letter, _used(queries.versions(db.session, name))) for name, letter in _LETTERS.items()
    ]
    return render_template("office/letters.html", rows=rows)


@blueprint.get("/placeholders")
@requires(permissions.CHANGE_SETTINGS)
def listed() -> Answer:
    return render_template("office/placeholders.html", placeholders=placeholders())


@blueprint.route("/<name>", methods=["GET", "POST"])
@requires(permissions.CHANGE_SETTINGS)
@takes_files
def letter(name: str) -> Answer:
    asked = _LETTERS.get(name) or abort(404)
    if request.method != "POST":
        return _page(asked)
    req = posted_req()
    if record.is_recorded(db.session, req):
        return _kept(asked)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _page(asked, ("Choose the Word file that the letter is to be made of.",)), REFUSED
    try:
        kept = files().keep(sent.stream, sent.filename, only=(DOCX,))
    except FileRefused as refusal:
        return _page(asked, (f"{sent.filename}: {refusal}",)), REFUSED
    with files().open(kept.sha256) as file:
        problems = checking.problems(file.read(), name)
    if problems:
        return _page(asked, problems), REFUSED
    begin_write(db.session)
    service.add_template(db.session, name, kept, role=_role(), origin=origin(req))
    db.session.commit()
    return _kept(asked)


@blueprint.post("/<name>/use")
@requires(permissions.CHANGE_SETTINGS)
def use(name: str) -> Answer:
    asked = _LETTERS.get(name) or abort(404)
    req, chosen = posted_req(), request.form.get("template", "")
    had = {version.sha256 for version in queries.versions(db.session, name)}
    if chosen != _BUILT_IN and chosen not in had:
        abort(404)
    if not record.is_recorded(db.session, req):
        begin_write(db.session)
        sha256 = None if chosen == _BUILT_IN else chosen
        service.choose_template(db.session, name, sha256, role=_role(), origin=origin(req))
        db.session.commit()
    return _kept(asked)


@blueprint.get("/<name>/built-in")
@requires(permissions.CHANGE_SETTINGS)
def starter(name: str) -> Answer:
    asked = _LETTERS.get(name) or abort(404)
    return handed_over(BytesIO(word_starter(asked)), DOCX, f"{name} template.docx", shown=False)


@blueprint.get("/<name>/versions/<int:number>")
@requires(permissions.CHANGE_SETTINGS)
def version(name: str, number: int) -> Answer:
    found = _version_or_404(name, number)
    return handed_over(opened(found.sha256), DOCX, f"{name} version {number}.docx", shown=False)


@blueprint.get("/<name>/versions/<int:number>/preview")
@requires(permissions.CHANGE_SETTINGS)
def preview(name: str, number: int) -> Answer:
    asked, found = _LETTERS.get(name) or abort(404), _version_or_404(name, number)
    reference = request.args.get("reference", "").strip()
    token, facts = _case_of(asked, reference) if reference else (None, sample_facts(asked.to[0]))
    with opened(found.sha256) as file:
        document = filled(file.read(), facts)
    try:
        shown = docx_to_pdf(document, title=asked.label, office_name=facts.office_name), PDF
    except PdfRefused:
        shown = document, DOCX
    if token is not None:
        note_read(db.session, me().token, token)
    content, kind = shown
    return handed_over(BytesIO(content), kind, f"{name} preview{kind.suffix}", shown=True)


def _case_of(asked: Letter, reference: str) -> tuple[str, LetterFacts]:
    """The case with this reference and what the letter says of it; 404 for who may not see it."""
    if not me().may(permissions.SEE_CASES):
        abort(404)
    token = queries.case_called(db.session, reference, me().token) or abort(404)
    admit_to(token)
    case = case_letters(db.session, token) or abort(404)
    return token, letter_facts(case, asked, me().name)


def _version_or_404(name: str, number: int) -> queries.Version:
    had = queries.versions(db.session, name) if name in _LETTERS else ()
    return next((each for each in had if each.number == number), None) or abort(404)


def _used(versions: tuple[queries.Version, ...]) -> queries.Version | None:
    return next((version for version in versions if version.is_in_use), None)


def _kept(asked: Letter) -> Answer:
    flash(
        f"“{asked.label}”: your change is kept. What is drafted from now on is made so.", "success"
    )
    return redirect(url_for("letter_templates.letter", name=asked.name))


def _role() -> str:
    return permissions.role_giving(me().roles, permissions.CHANGE_SETTINGS) or abort(403)


def _page(asked: Letter, problems: tuple[str, ...] = ()) -> str:
    db.session.rollback()
    versions = queries.versions(db.session, asked.name)
    return render_template(
        "office/letter.html",
        letter=asked,
        versions=versions,
        used=_used(versions),
        needed=checking.needed(asked.name),
        problems=problems,
        req=secrets.token_hex(16),
        may_see_cases=me().may(permissions.SEE_CASES),
    )
