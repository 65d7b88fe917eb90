"""The only place that knows which page of the public form comes next, and whether all is answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from casework.apply.pages import Page, Said, own_pages
from casework.web.uploads import Upload
from workflows.definition import OfficeRules
from workflows.eligibility import judge
from workflows.eligibility_definition import Verdict
from workflows.eligibility_questions import QUESTIONS

FIRST = QUESTIONS[0].code.replace("_", "-")
"""The name of the page that every application begins with."""
CHECK = "check"


@dataclass(frozen=True)
class Brought:
    """A file that waits with an application, and the kind of paper that it is."""

    kind: str
    upload: Upload


@dataclass(frozen=True)
class Answers:
    """All that somebody said so far: what, on which pages of our own, and with which papers.

    What was said on a page that is not asked any more is kept until the end, and does not count.
    """

    said: Said = field(default_factory=dict)
    done: frozenset[str] = frozenset()
    papers: tuple[Brought, ...] = ()

    def answering(self, page: Page, said: Mapping[str, Any]) -> "Answers":
        """These answers with a page answered anew."""
        asked = {fact.name for fact in page.facts}
        kept = {name: value for name, value in self.said.items() if name not in asked}
        return replace(self, said={**kept, **said}, done=self.done | {page.name})

    def bringing(self, kind: str, uploads: tuple[Upload, ...]) -> "Answers":
        """These answers with the papers of a kind brought anew."""
        others = tuple(each for each in self.papers if each.kind != kind)
        return replace(self, papers=(*others, *(Brought(kind, each) for each in uploads)))

    def uploads(self, kind: str) -> tuple[Upload, ...]:
        """The papers of a kind, in the order in which they were brought."""
        return tuple(each.upload for each in self.papers if each.kind == kind)


@dataclass(frozen=True)
class Journey:
    """Somebody's way through the form, by their answers, the office's rules and the day."""

    answers: Answers
    office: OfficeRules
    today: date

    @cached_property
    def verdict(self) -> Verdict:
        """What follows from the answers for the right to apply here."""
        return judge(self.answers.said, self.office, self.today)

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """Every page that is asked as things stand, in order."""
        questions = tuple(Page.of(each, self.office) for each in self.verdict.asked)
        may_go_on = self.verdict.question is None and self.verdict.ending is None
        return questions + (own_pages(self.answers.said) if may_go_on else ())

    @cached_property
    def open_page(self) -> Page | None:
        """The first page that wants an answer; None where all is said, or the right to apply ended."""
        return next((page for page in self.pages if not self.is_done(page)), None)

    def is_done(self, page: Page) -> bool:
        """Whether a page is answered, and its answer can stand beside the others."""
        if page.question is not None:
            return page.question != self.verdict.question
        return page.name in self.answers.done and page.check(self.answers.said) is None

    @property
    def is_complete(self) -> bool:
        """Whether there is nothing left to ask and the application may be sent."""
        return self.verdict.ending is None and self.open_page is None

    def page(self, name: str) -> Page | None:
        """The page of this name, if it may be opened: what comes before it is answered."""
        for page in self.pages:
            if page.name == name:
                return page
            if page == self.open_page:
                break
        return None

    def before(self, page: Page) -> str | None:
        """The name of the page to go back to; None from the first."""
        if self.is_complete:
            return CHECK
        names = [each.name for each in self.pages]
        place = names.index(page.name)
        return names[place - 1] if place else None
