"""The pages of reporting: choose a report, read it, take it away, open the cases behind a number."""

from datetime import date

from flask import Response, abort, render_template, request

from casework import clock, permissions
from casework.counts.editions import LATEST
from casework.counts.lives import Period
from casework.counts.narrative import basis, narrative
from casework.counts.report import (
    Report,
    ReportRefused,
    annual_report,
    cases_behind,
    period_report,
)
from casework.counts.years import years_with_cases
from casework.documents.charts import charts_of
from casework.documents.formats import FORMATS
from casework.documents.honest import honest, key_figures
from casework.documents.naming import command, heading, proof
from casework.documents.tables import tables_of
from casework.extensions import db
from casework.letters.rendering import PdfRefused
from casework.office_settings import settings_at
from casework.oversight.countdown import countdown
from casework.reporting import blueprint, forms, queries
from casework.reporting.addresses import address_of_period, fixed_address, meaning_in, opener
from casework.web.downloads import attachment
from casework.web.identity import me, requires
from casework.web.pagination import SIZE, Page, asked_page
from workflows import publication
from workflows.calendar import FinancialYear, financial_year_of, in_words

REFUSED = 422
KINDS = {kind.code: kind.label for kind in publication.KINDS}
Answer = str | Response | tuple[str, int]


@blueprint.get("/")
@requires(permissions.SEE_REPORTS)
def index() -> Answer:
    return _index(forms.PeriodForm())


def _index(form: forms.PeriodForm, refused: ReportRefused | None = None) -> str:
    today = clock.today()
    if refused is not None:
        form[refused.about].errors = [str(refused)]
    return render_template(
        "reporting/index.html",
        form=form,
        errors=form.error_list(),
        years=years_with_cases(db.session, today),
        quarters=_quarters(today),
        published=queries.newest_published(db.session),
        kinds=KINDS,
        may_prepare=me().may(permissions.PREPARE_REPORTS),
        may_see_exceptions=me().may(permissions.SEE_EXCEPTIONS),
        countdown=countdown(db.session, settings_at(db.session), today),
    )


def _quarters(today: date) -> list[tuple[str, str]]:
    """The last five quarters that have begun, newest first: what a panel meeting asks for."""
    year = financial_year_of(today)
    last_year = FinancialYear(year.starts_in - 1)
    begun = [
        (f"{quarter.label} {of.label}", quarter)
        for of in (last_year, year)
        for quarter in of.quarters
        if quarter.first_on <= today
    ]
    return [
        (name, address_of_period(Period(quarter.first_on, quarter.last_on)))
        for name, quarter in begun[:-6:-1]
    ]


@blueprint.get("/annual/<year>")
@requires(permissions.SEE_REPORTS)
def annual(year: str) -> Answer:
    try:
        asked_year = FinancialYear.parse(year)
    except ValueError as fault:
        abort(404, str(fault))
    days = {"from_on": asked_year.first_on, "to_on": asked_year.last_on}
    form = forms.PeriodForm(request.args, data=days)
    if not form.validate():
        return _index(form), REFUSED
    try:
        report = annual_report(db.session, asked_year, form.status_on.day, form.log_size.data)
    except ReportRefused as refused:
        return _index(form, refused), REFUSED
    return _shown("reporting/annual.html", report, form)


@blueprint.get("/period")
@requires(permissions.SEE_REPORTS)
def period() -> Answer:
    form = forms.PeriodForm(request.args)
    if not form.validate():
        return _index(form), REFUSED
    try:
        report = _period_report(form)
    except ReportRefused as refused:
        return _index(form, refused), REFUSED
    return _shown("reporting/period.html", report, form)


def _report_behind(form: forms.FigureForm) -> Report:
    """The report of a figure: a financial year's own where no other has it."""
    name = form.measure.data.partition(".")[0]
    is_of_years = any(block.name == name and block.is_of_years for block in LATEST.blocks)
    year = financial_year_of(form.from_on.day) if is_of_years and form.from_on.day else None
    if year is None or (form.from_on.day, form.to_on.day) != (year.first_on, year.last_on):
        return _period_report(form)
    return annual_report(db.session, year, form.status_on.day, form.log_size.data)


def _period_report(form: forms.PeriodForm) -> Report:
    from_on, to_on = form.from_on.day, form.to_on.day
    if from_on is None or to_on is None:  # the form asks for both
        raise ReportRefused("Enter the first and the last day.")
    return period_report(
        db.session,
        from_on,
        to_on,
        form.status_on.day,
        form.log_size.data,
    )


def _shown(template: str, report: Report, form: forms.PeriodForm) -> Answer:
    kind = request.args.get("format")
    if kind is not None:
        return _file(report, kind)
    return render_template(
        template,
        report=report,
        form=form,
        heading=heading(report),
        narrative=narrative(report),
        key_figures=key_figures(report),
        honest=honest(report),
        charts=charts_of(report),
        sections=[(block, tuple(tables_of(report, block))) for block in report.blocks],
        basis=basis(in_words(report.status_on), report.settings.clock_start),
        proof=proof(report),
        command=command(report),
        meaning=meaning_in(report),
        link=opener(report),
        published=queries.published_of(db.session, report.whole.period),
        kinds=KINDS,
        may_prepare=me().may(permissions.PREPARE_REPORTS),
        take=lambda kind: fixed_address(report, format=kind),
        files=tuple(FORMATS.values()),
    )


def _file(report: Report, kind: str) -> Response:
    form = FORMATS.get(kind)
    if form is None:
        abort(404, f"A report can be taken away as {', '.join(FORMATS)}.")
    try:
        written = form.write(report)
    except PdfRefused as refused:
        abort(REFUSED, str(refused))
    name = heading(report).lower().replace(",", "").replace(" ", "-")
    return attachment(form.mark + written, form.media_type, f"{name}.{form.suffix}")


@blueprint.get("/figure")
@requires(permissions.SEE_ALL_CASES)
def figure() -> Answer:
    form = forms.FigureForm(request.args)
    if not form.validate():
        return _index(form), REFUSED
    try:
        report = _report_behind(form)
        counted = cases_behind(report, form.measure.data)
    except ReportRefused as refused:
        return _index(form, refused), REFUSED
    number, start = asked_page(), (asked_page() - 1) * SIZE
    seen = queries.seen_by(db.session, me().token, counted)
    rows = queries.listed(db.session, report, seen[start : start + SIZE])
    return render_template(
        "reporting/figure.html",
        report=report,
        words=report.edition.words_of(form.measure.data),
        section=report.edition.block(form.measure.data.partition(".")[0]).title,
        days=_days_in_words(report),
        count=len(counted),
        hidden=len(counted) - len(seen),
        page=Page(rows, number, len(seen), False, start + SIZE < len(seen), SIZE),
        back=fixed_address(report),
    )


def _days_in_words(report: Report) -> str:
    days = report.whole.period
    return f"{in_words(days.from_on)} to {in_words(days.to_on)}"
