"""The only place where an office of the harness is at work: people send forms, and all is judged."""

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random

from tests import factories
from tests.faults import deeds
from tests.faults.deeds import Deed
from tests.faults.offices import PEOPLE, WORKERS, Office, Place, Serving, Violation, case_tokens
from tests.faults.visitors import Answer, Visitor

MOST_EVENTS = 150
"""An office whose log is longer makes way for a fresh one, so that judging it stays quick."""
UNCHANGED = "Nothing was changed."

Counts = Counter[str]


@dataclass(frozen=True)
class Sent:
    """A form that was sent, and what was answered; None when no answer came."""

    deed: Deed
    answer: Answer | None

    @property
    def is_acknowledged(self) -> bool:
        """Whether the browser was told that it is recorded."""
        return self.answer is not None and self.answer.status == 302


class Work:
    """An office at work, taken from a place as often as is needed."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.serving: Serving | None = None
        self.may_refuse = 0
        """How many workers may still find an old connection dead, now that PostgreSQL is back."""
        self.calls_of: dict[tuple[str, ...], int] = {}
        """How many calls to the system a command makes, where that is known."""

    @property
    def office(self) -> Office:
        """The office that is at work now."""
        assert self.serving is not None
        return self.serving.office

    def begin(self) -> Serving:
        """The server of an office whose log is not too long, with people signed in."""
        if self.serving is not None and self.size() > MOST_EVENTS:
            self.end()
        if self.serving is None:
            self.serving = Serving(self.place.office())
            self.sign_in()
            self.cases = case_tokens(self.office)
        return self.serving

    def end(self) -> None:
        """Stop the server and remove the office."""
        if self.serving is not None:
            self.serving.kill()
            self.place.done_with(self.office)
            self.serving = None

    def sign_in(self) -> None:
        """Everybody signs in."""
        people = map(self._signed_in, PEOPLE)
        self.supervisor, self.reviewer, self.chief_executive = people
        self.csrf = self.supervisor.form("/cases/log")["csrf_token"]

    def _signed_in(self, role: str) -> Visitor:
        assert self.serving is not None
        visitor = Visitor(self.serving.port)
        visitor.sign_in(f"{role}@office.example", factories.PASSWORD)
        return visitor

    def size(self) -> int:
        """How many entries the log has."""
        return int(self.office.rows("SELECT count(*) AS many FROM audit_event")[0].many)

    def version(self, case: str) -> int:
        """At which version a case stands."""
        query = 'SELECT version FROM "case" WHERE token = :case'
        return int(self.office.rows(query, case=case)[0].version)

    def one(self, chance: Random, case: str | None = None) -> Deed:
        """Something to do on a case, or on any."""
        case = case or chance.choice(self.cases)
        return deeds.any_deed(chance, self.csrf, case, self.version(case))

    def send(self, deed: Deed) -> Sent:
        """Send a form."""
        return Sent(deed, deed.send(self.supervisor))

    def at_once(self, many: Iterable[Deed]) -> list[Sent]:
        """Send forms, all at the same time."""
        given = list(many)
        with ThreadPoolExecutor(len(given)) as pool:
            return list(pool.map(self.send, given))

    def busy(self, chance: Random, each: int, meanwhile: Callable[[], None]) -> list[Sent]:
        """One person on each case does so many things, or as many as are answered."""
        versions = {case: self.version(case) for case in self.cases}
        chances = {case: Random(chance.random()) for case in self.cases}

        def person(case: str) -> list[Sent]:
            sent: list[Sent] = []
            version = versions[case]
            for _ in range(each):
                deed = deeds.any_deed(chances[case], self.csrf, case, version)
                sent.append(self.send(deed))
                if not sent[-1].is_acknowledged:
                    break
                version += deed.whole == ("acknowledged",)
            return sent

        with ThreadPoolExecutor(len(self.cases)) as pool:
            people = [pool.submit(person, case) for case in self.cases]
            meanwhile()
            return [sent for each_one in people for sent in each_one.result()]

    def recovered(self, chance: Random) -> Counts:
        """PostgreSQL takes connections again, started by its keeper where it had to give up.

        Then each worker may find its old connections dead once. Violation when more forms are
        refused than that.
        """
        started = self.place.databases.recover()
        self.may_refuse, taken_in_a_row = WORKERS, 0
        while taken_in_a_row < 2 * WORKERS:
            before = self.may_refuse
            self.must_go_on(chance)
            taken_in_a_row = taken_in_a_row + 1 if self.may_refuse == before else 0
        refused = WORKERS - self.may_refuse
        return Counter({"PostgreSQL started again": started, "503 once it was there": refused})

    def must_go_on(self, chance: Random) -> None:
        """Violation unless the next form that is sent is taken.

        Some in a row may all have come to one worker, so another can meet its dead connection later.
        """
        while not (next_one := self.send(self.one(chance))).is_acknowledged:
            self.judge([next_one])
            if self.may_refuse == 0:
                said = next_one.answer
                raise Violation(f"The next request was not taken: {said and said.status}.")
            self.may_refuse -= 1
        self.judge([next_one])

    def judge(self, sent: Iterable[Sent]) -> Counts:
        """What became of the forms; Violation where that is not what their senders were told."""
        counts: Counts = Counter()
        for each in sent:
            counts[self._judged(each)] += 1
        return counts

    def _judged(self, sent: Sent) -> str:
        status = sent.answer.status if sent.answer else None
        if status not in (None, 302, 503):
            raise Violation(f"{sent.deed.path} was answered with {status}.")
        there = self._found(sent.deed)
        if sent.is_acknowledged and not there:
            raise Violation(f"{sent.deed.whole[0]} was acknowledged and is not there.")
        if sent.is_acknowledged:
            return "acknowledged, there"
        if sent.answer is not None:
            self._judge_refusal(sent.deed, sent.answer, is_there=there)
            return f"503, {'whole' if there else 'absent'}"
        return f"unanswered, {'whole' if there else 'absent'}"

    def _judge_refusal(self, deed: Deed, answer: Answer, *, is_there: bool) -> None:
        if is_there and UNCHANGED in answer.page:
            raise Violation(
                f"{deed.whole[0]} is there, and the page says that nothing was changed."
            )
        if deed.words not in answer.page:
            raise Violation(f"A page of 503 gave back nothing of what was typed at {deed.path}.")
        if not deed.content and not answer.headers.get("retry-after"):
            raise Violation("A page of 503 did not say when to try again.")

    def _found(self, deed: Deed) -> bool:
        """Whether all of a deed is recorded; Violation when a part of it is."""
        rows = self.office.rows(
            "SELECT e.action, d.body FROM audit_event e LEFT JOIN audit_detail d ON d.seq = e.seq "
            "WHERE e.req = :req ORDER BY e.part",
            req=deed.req,
        )
        if not rows:
            return False
        actions = tuple(row.action for row in rows)
        if actions != deed.whole or not any(deed.words.encode() in bytes(r.body) for r in rows):
            raise Violation(f"Of {', '.join(deed.whole)} only {', '.join(actions)} is there.")
        return True
