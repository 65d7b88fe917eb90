"""The only place where letters leave the office: each is recorded before it is handed over."""

import re
import secrets
from io import BytesIO

from flask import Response, abort, request, send_file

from casework import permissions
from casework.audit import record
from casework.database import begin_write
from casework.extensions import db
from casework.letters import blueprint, queries, service
from casework.letters.rendering.word import MEDIA_TYPE as WORD
from casework.web.identity import me, origin, requires

TAKEN = "letter_taken"
_KEY = re.compile("[0-9a-f]{32}")


@blueprint.post("/cases/<token>/letters/<name>")
@requires(permissions.TAKE_LETTERS)
def take(token: str, name: str) -> Response:
    case = queries.case_letters(db.session, token)
    letter = case.letter(name) if case else None
    if case is None or letter is None:
        abort(404)
    if letter not in queries.offered(case.workflow, case.standing, case.items):
        abort(
            409,
            f"The letter “{letter.label}” cannot be taken from case {case.row.reference}: what it "
            "tells has not happened, or no longer stands. Record the step first, then take it.",
        )
    document = service.docx_of(case, service.text_of(case, letter, signed_by=me().name))
    saved_as = service.file_name(case.row.reference, name)
    _record_taking(token, name)
    return send_file(BytesIO(document), WORD, as_attachment=True, download_name=saved_as)


def _record_taking(case: str, letter: str) -> None:
    """Record that the person signed in takes the letter; if that fails there is no letter.

    The same form sent twice is one taking.
    """
    key = request.form.get("req", "")
    taking = origin(key if _KEY.fullmatch(key) else secrets.token_hex(16))
    role = permissions.role_giving(me().roles, permissions.TAKE_LETTERS) or abort(403)
    begin_write(db.session)
    before = queries.recorded_under(db.session, taking.req)
    if before is None:
        event = record.NewEvent(TAKEN, role, case=case, stat={"letter": letter})
        record.append(db.session, event, taking)
        db.session.commit()
    elif (before.action, before.case, before.actor, before.stat.get("letter")) != (
        TAKEN,
        case,
        taking.actor,
        letter,
    ):
        abort(409, "This form was already used for something else. Open the case and try again.")
