"""The only place that turns a page of the public form into fields, and what was typed into answers."""

from datetime import date
from typing import Any

from flask import current_app, request
from wtforms import HiddenField
from wtforms.csrf.session import SessionCSRF

from casework.apply.flow import Journey
from casework.apply.pages import UNSURE, Page
from casework.outbox.mail import MailRefused, address
from casework.web.incoming import FILE
from casework.web.step_forms import Refusing, Shown, field_of
from workflows.definition import Fact, Refusal
from workflows.eligibility import problem
from workflows.eligibility_definition import NOT_SURE, Question
from workflows.facts import missing, read_fact, to_stat

LONGEST_LINE = 200
EMAILS = ("email", "representative_email")


class PublicForm(Refusing):
    """A form that is good only with the cookie that it was made for: the cookie keeps its secret."""

    class Meta:
        """WTForms' own protection; the cookie ends after a day, and with it the form."""

        csrf = True
        csrf_class = SessionCSRF
        csrf_time_limit = None

    @classmethod
    def of(cls, token: str, **data: Any) -> "PublicForm":
        """The form as it was posted, else with these data, for whoever has this token."""
        secret = str(current_app.secret_key).encode()
        meta = {"csrf_secret": secret, "csrf_context": {"csrf": token}}
        # What was posted is all that counts: a box left empty must not be filled again.
        is_posted = request.method == "POST"
        form = cls(request.form if is_posted else None, data={} if is_posted else data, meta=meta)
        form.general_errors = []
        return form

    def is_own(self) -> bool:
        """Whether it was posted from a page that was made for this very cookie."""
        return bool(self["csrf_token"].validate(self))


class SendForm(PublicForm):
    """The button that sends the answers, as they were when its page was made."""

    version = HiddenField()


class PageForm(PublicForm):
    """The form of one page; `shown` are its fields beside the facts they ask for."""

    page: Page
    shown: list[Shown]

    @classmethod
    def about(cls, page: Page, journey: Journey, token: str) -> "PageForm":
        """The form of a page, as it was posted, else as it was answered before."""
        fields = {fact.name: field_of(fact, journey.office) for fact in page.facts}
        known = {fact.name: _known(fact, journey.answers.said) for fact in page.facts}
        if page.takes:
            fields[FILE] = HiddenField()  # so that what is wrong with a file has a place
        form: PageForm = type("FormOfPage", (cls,), fields).of(token, **known)  # type: ignore[attr-defined]
        form.page = page
        choices = journey.office.choices_of
        form.shown = [Shown(form[fact.name], fact, choices(fact)) for fact in page.facts]
        return form

    def said(self, journey: Journey) -> dict[str, Any]:
        """What was typed, as answers keep it; each fault is put at its field."""
        if self.page.question is not None:
            return self._answer(self.page.question, journey)
        read = {each.fact.name: self._read(each, journey) for each in self.shown}
        said = to_stat({name: value for name, value in read.items() if value is not None})
        if not self.error_list():
            others = {key: value for key, value in journey.answers.said.items() if key not in read}
            refusal = self.page.check({**others, **said})
            self.refuse([refusal] if refusal else [])
        return said

    def _answer(self, question: Question, journey: Journey) -> dict[str, Any]:
        typed = self[question.code].data
        is_unsure = f"{question.code}{UNSURE}" in self and self[f"{question.code}{UNSURE}"].data
        if is_unsure and typed:
            both = "Give the day, or say that you are not sure, but not both."
            self.refuse([Refusal(both, question.code)])
        answer = NOT_SURE if is_unsure else _plain(typed)
        fault = problem(question, answer, journey.answers.said, journey.office, journey.today)
        self.refuse([Refusal(fault, question.code)] if fault else [])
        return {question.code: answer}

    def _read(self, shown: Shown, journey: Journey) -> Any:
        fact, typed = shown.fact, shown.field.data
        if fact.kind == "text" and not fact.is_long:
            typed = " ".join((typed or "").split())
        try:
            value = read_fact(fact, typed, journey.office, journey.today)
            if value is None and fact.required:
                raise ValueError(missing(fact))
            return _line(fact, value) if fact.kind == "text" and not fact.is_long else value
        except (ValueError, MailRefused) as fault:
            self.refuse([Refusal(str(fault), fact.name)])
            return None


def _line(fact: Fact, value: str | None) -> str | None:
    """A line of words as it is kept; ValueError or MailRefused, with a sentence, when it is none."""
    if value is not None and len(value) > LONGEST_LINE:
        raise ValueError(f"{fact.label} must be {LONGEST_LINE} characters or fewer.")
    return address(value) if value and fact.name in EMAILS else value


def _plain(typed: Any) -> str:
    if isinstance(typed, date):
        return typed.isoformat()
    return str(typed or "").replace("\r\n", "\n").strip()


def _known(fact: Fact, said: Any) -> Any:
    """What was answered, as the field of a fact takes it."""
    value = said.get(fact.name)
    if fact.kind == "flag":
        return bool(value) or said.get(fact.name.removesuffix(UNSURE)) == NOT_SURE
    if fact.kind == "day":
        return date.fromisoformat(value) if value and value != NOT_SURE else None
    return value
