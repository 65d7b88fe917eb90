"""The page of a month's exceptions."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from casework import clock, permissions
from casework.audit import record
from casework.extensions import db
from casework.oversight import blueprint, queries
from casework.oversight.forms import MonthForm
from casework.oversight.month import Month
from casework.web.identity import me, requires
from casework.web.step_forms import REFUSED


@blueprint.get("/exceptions")
@requires(permissions.SEE_EXCEPTIONS)
def exceptions() -> ResponseReturnValue:
    this_month = Month.of(clock.today())
    first = queries.first_month(db.session) or this_month
    form = MonthForm.of(request.args, first, this_month, record.log_size(db.session))
    if not form.validate():
        return render_template("oversight/exceptions.html", form=form, found=None), REFUSED
    found = queries.exceptions(db.session, form.asked_month, form.asked_size, me().token)
    return render_template(
        "oversight/exceptions.html",
        form=form,
        found=found,
        is_over=found.month < this_month,
        restricted=permissions.count_restricted_to_others(db.session, me().token),
    )
