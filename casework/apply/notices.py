"""The only place for the pages of the public form that ask nothing: its notices, from the settings."""

from flask import render_template
from flask.typing import ResponseReturnValue

from casework.apply import blueprint
from casework.extensions import db
from casework.office_settings import settings_at


@blueprint.get("/privacy")
def privacy() -> ResponseReturnValue:
    """The privacy notice (UK GDPR, articles 13 and 14)."""
    return render_template("apply/privacy.html", office=settings_at(db.session))


@blueprint.get("/accessibility")
def accessibility() -> ResponseReturnValue:
    """The accessibility statement, in the form of the model (SI 2018/952)."""
    return render_template("apply/accessibility.html", office=settings_at(db.session))


@blueprint.get("/contact")
def contact() -> ResponseReturnValue:
    """How else to apply, and what an application in writing says (reg 29(5))."""
    return render_template("apply/contact.html", office=settings_at(db.session))
