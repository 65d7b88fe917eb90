"""The only place for what anybody checks published reports by: proof packs, the keys, and how."""

from datetime import timedelta
from io import BytesIO
from typing import Any

from flask import abort, render_template

from casework.checkpoints.changes import key_changes
from casework.checkpoints.queries import newest
from casework.extensions import db
from casework.files.kinds import Kind
from casework.publishing import blueprint, proof_pack
from casework.publishing.proof import ProofBroken, proof_of
from casework.publishing.published.views import damaged, shown_or_404
from casework.verifier import PROGRAM, program
from casework.web import limits
from casework.web.files import handed_over

Answer = Any
PACKS = limits.Limit("proofs", 60, timedelta(hours=1), everybody=20)
"""A pack is put together whenever it is asked for; what else anybody may open is stored."""
_PROGRAM = Kind("py", "Program", "text/x-python; charset=utf-8", (".py",))


@blueprint.get("/published/<year>/<int:number>/proof")
def proof(year: str, number: int) -> Answer:
    shown = shown_or_404(year, number)
    limits.spend(PACKS)
    try:
        found = proof_of(db.session, shown.published)
    except ProofBroken as fault:
        damaged(shown.row, str(fault))
    if found is None:
        abort(
            404,
            "There is no proof pack of this report yet, as no signed checkpoint covers it. One is "
            "signed every day. Come back tomorrow.",
        )
    packed = BytesIO(proof_pack.packed(found))
    return handed_over(packed, proof_pack.ZIP, proof_pack.name_of(found), shown=False)


@blueprint.get("/published/checking")
def checking() -> Answer:
    changes = key_changes(db.session)
    return render_template("published/checking.html", changes=changes, newest=newest(db.session))


@blueprint.get("/published/checking/verify_casework.py")
def verifier() -> Answer:
    return handed_over(BytesIO(program()), _PROGRAM, PROGRAM, shown=False)
