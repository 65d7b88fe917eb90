"""The pages that say what every figure means; nobody needs to sign in."""

from flask import abort, render_template

from casework.counts.editions import EDITIONS, LATEST, Edition
from casework.counts.editions import edition as edition_of
from casework.reporting.definitions import blueprint
from casework.reporting.definitions.edges import EDGES


@blueprint.get("")
def latest() -> str:
    return _shown(LATEST)


@blueprint.get("/<int:number>")
def edition(number: int) -> str:
    """The definitions by which the reports of an edition are counted, for ever."""
    try:
        return _shown(edition_of(number))
    except KeyError:
        abort(404, f"There is no edition {number} of the measures.")


def _shown(shown: Edition) -> str:
    return render_template(
        "reporting/definitions.html", edition=shown, editions=EDITIONS, edges=EDGES
    )
