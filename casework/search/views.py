"""The only place for the pages of the search."""

from dataclasses import replace

from cryptography.fernet import Fernet
from flask import current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from casework import sealing
from casework.extensions import db
from casework.permissions import SEE_CASES
from casework.search import blueprint, kept, queries, results
from casework.search.asking import widened
from casework.search.forms import SearchForm
from casework.web.identity import me, requires
from casework.web.pagination import asked_page
from casework.web.step_forms import REFUSED


@blueprint.route("/search", methods=["GET", "POST"])
@requires(SEE_CASES)
def index() -> ResponseReturnValue:
    return _asked() if request.method == "POST" else _found()


def _asked() -> ResponseReturnValue:
    """Keep the words, and lead to an address that names them by a number."""
    form = _form(request.form)
    if not form.is_readable():
        return _refused(form)
    number = kept.keep(session, _box(), form.words.data)
    return redirect(url_for("search.index", search=number, **form.filters()))


def _found() -> ResponseReturnValue:
    number = request.args.get("search", "")
    words = kept.words_of(session, _box(), number)
    form = _form(MultiDict({**request.args.to_dict(), "words": words or ""}))
    if words is None:
        return render_template("search/index.html", form=form, page=None, is_forgotten=bool(number))
    if not form.is_readable():
        return _refused(form)
    asked = form.asked()
    found = queries.find(db.session, asked, me().token)
    is_widened = not found.cases and widened(asked.terms) != asked.terms
    if is_widened:
        asked = replace(asked, terms=widened(asked.terms))
        found = queries.find(db.session, asked, me().token)
    page = results.page_of(db.session, found, asked.terms, asked_page())
    return render_template(
        "search/index.html",
        form=form,
        page=page,
        most=queries.MOST if found.is_over else None,
        is_widened=is_widened,
        is_forgotten=False,
    )


def _box() -> Fernet:
    """What seals the words that this person looked for."""
    return sealing.box(b"casework/searches", str(current_app.secret_key), me().token)


def _form(typed: MultiDict[str, str]) -> SearchForm:
    return SearchForm.of(typed, queries.years(db.session))


def _refused(form: SearchForm) -> ResponseReturnValue:
    return render_template("search/index.html", form=form, page=None, is_forgotten=False), REFUSED
