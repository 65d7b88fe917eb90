"""The only place for the form that decides a new application: several steps, of which one is taken."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from casework.triage.options import BY_CODE, DECISION, Option
from casework.web.step_forms import Shown, StepForm
from workflows.attempt import StepRefused
from workflows.definition import Refusal
from workflows.facts import day_or_refuse, missing, read_facts


class DecisionForm(StepForm):
    """What is decided, with fields for each option; those of options not chosen only stay as typed."""

    @property
    def chosen(self) -> Option | None:
        """The option that is chosen, None while none of those on the form is."""
        offered = self.office.choices_of(self.step.facts_by_name[DECISION])
        code = self[DECISION].data
        return BY_CODE[code] if any(choice.code == code for choice in offered) else None

    def taken(self, option: Option) -> dict[str, Any]:
        """What was typed for an option, by the names that its step gives its facts."""
        names = (*option.asks, *option.aside)
        return {name: self[option.named(name)].data for name in names} | dict(option.settled)

    def say_done(self, option: Option) -> None:
        """Let what is said after recording be about the option that was chosen."""
        self.step = replace(self.step, done=option.step.done)

    def is_readable(self) -> bool:
        """Whether something is chosen and what was typed for that can be read."""
        option = self.chosen
        try:
            if option is None:
                raise StepRefused.because(missing(self.step.facts_by_name[DECISION]), DECISION)
            day_or_refuse(self.day, self.today)
            read_facts(option.step, self.taken(option), self.office, self.today, is_strict=True)
        except StepRefused as refused:
            self.refuse(refused.refusals)
        return not self.error_list()

    def refuse(self, refusals: Iterable[Refusal]) -> None:
        """Put each refusal at the field it is about, which bears the name of the option too."""
        super().refuse(self._placed(refusal) for refusal in refusals)

    def _placed(self, refusal: Refusal) -> Refusal:
        named = self.chosen.named(refusal.fact) if self.chosen and refusal.fact else None
        return Refusal(refusal.sentence, named) if named in self else refusal

    def fields_of(self, option: Option, names: tuple[str, ...]) -> list[Shown]:
        """The fields of an option for these facts of its step."""
        shown = {each.fact.name: each for _, fields in self.sections() for each in fields}
        return [shown[option.named(name)] for name in names]
