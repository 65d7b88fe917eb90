"""Whatever is asked for by an address."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from random import Random
from urllib.parse import parse_qsl, urlencode, urlsplit

import lxml.html  # type: ignore[import-untyped]
import pytest

from tests import factories
from tests.security.conftest import Siege
from tests.security.harm import harm
from tests.security.payloads import ELSEWHERE, SQL, TEXTS
from tests.security.sending import honest, send
from tests.security.walking import onward

pytestmark = pytest.mark.one_database
NEUTRAL = "zqnothing"
SLOW = 2.0
"""Seconds, of work and not of waiting: what a statement would take that was made to take long."""


@dataclass
class Asked:
    """A page that can be asked for in more than one way."""

    role: str
    path: str
    names: set[str] = field(default_factory=set)


def asked(siege: Siege) -> list[Asked]:
    """Every page that takes something in its address, with the names of what it takes."""
    found: dict[str, Asked] = {}
    for role, page in siege.pages:
        if page.answer.status_code != 200:
            continue
        here = urlsplit(page.path)
        own = found.setdefault(page.endpoint, Asked(role, here.path))
        own.names |= {name for name, _ in parse_qsl(here.query)}
        for form in page.tree.xpath("//main//form[@method='get']") if page.tree is not None else ():
            if (form.get("action") or here.path) == own.path:
                own.names |= set(form.xpath(".//@name"))
    return [each for each in found.values() if each.names]


def ask(siege: Siege, page: Asked, typed: Iterable[tuple[str, str]]) -> tuple[int, str]:
    """Ask for a page, see that nothing is wrong or written; its status and what it shows."""
    given = [(name, value.encode("utf-8", "surrogatepass")) for name, value in typed]
    path = f"{page.path}?{urlencode(given)}"
    began = time.process_time()
    answer = siege.client(page.role).get(path, buffered=True)
    wrong = harm(path, answer)
    if time.process_time() - began > SLOW:
        wrong.append("took long")
    if changed := siege.changed() - {"staff_session"}:
        wrong.append(f"wrote {changed}")
    assert not wrong, (page.role, path, wrong)
    return answer.status_code, answer.text


def without(shown: str, words: str) -> str:
    """What a page's main part says, without what was typed."""
    (main,) = lxml.html.document_fromstring(shown).xpath("//main")
    return " ".join(main.text_content().replace(words, "").split())


def questions(page: Asked, words: str) -> list[tuple[str, str]]:
    return [(name, words) for name in sorted(page.names)]


def test_s11_s24_every_page_has_its_policy_and_nothing_that_acts(siege: Siege) -> None:
    """Each that anybody comes to by links, error pages too; one case is full of hostile words."""
    found = [(role, page.path, harm(page.path, page.answer)) for role, page in siege.pages]
    assert [each for each in found if each[2]] == []
    assert len(siege.pages) > 300


def test_s25_s41_whatever_an_address_asks_for_is_words(siege: Siege) -> None:
    """SQL brings no row more than a word that nothing has; nothing else brings a fault."""
    chance, pages = Random(25), asked(siege)
    siege.restore()
    for page, name in ((each, name) for each in pages for name in sorted(each.names)):
        ask(siege, page, [(name, chance.choice(TEXTS))])
    searching = [page for page in pages if page.names & {"q", "words", "reference", "case"}]
    for page in searching:
        sql = chance.choice(SQL)
        assert shown(siege, page, sql) == shown(siege, page, NEUTRAL), (page.path, sql)
    assert len(pages) > 15 and searching


def shown(siege: Siege, page: Asked, words: str) -> tuple[int, str]:
    status, text = ask(siege, page, questions(page, words))
    return status, without(text, words)


@pytest.mark.thorough
def test_s25_whatever_an_address_asks_for_is_words_at_length(
    siege: Siege, record_property: Callable[[str, object], None]
) -> None:
    siege.restore()
    number = 0
    for page in asked(siege):
        for name in sorted(page.names):
            ask(siege, page, [(name, NEUTRAL), (name, NEUTRAL)])
            for words in TEXTS:
                ask(siege, page, [(name, words)])
                number += 1
    record_property("addresses", number)


def test_s30_nobody_is_sent_elsewhere_by_what_an_address_says(siege: Siege) -> None:
    """Neither from signing in, nor from where something typed is kept, nor from a step."""
    siege.restore()
    step = next(form for form in siege.forms if form.action.endswith("/steps/chase_file"))
    email = siege.office.people["panel"].email
    for place, target in enumerate(ELSEWHERE):
        client = siege.app.test_client()
        page = f"/sign-in?{urlencode({'next': target})}"
        assert harm(page, client.get(page)) == []
        said = {"email": email, "password": factories.PASSWORD, "next": target}
        answer = factories.post(client, page, **said)
        assert (answer.status_code, harm(page, answer)) == (302, []), target
        if place % 3:
            continue  # they ask the same, so that a third will do
        kept = f"/drafts?{urlencode({'form': target})}"
        keeping = siege.client("reviewer")
        assert harm(kept, factories.post(keeping, kept, grounds="zq", next=target)) == [], target
        siege.restore()
        stepping = replace(step, action=f"{step.action}?{urlencode({'next': target})}")
        answer = send(siege, stepping, honest(step, Random(30)))
        assert (answer.status_code, harm(stepping.action, answer)) == (302, []), target


def names_in(siege: Siege) -> Iterator[tuple[str, str]]:
    """Each address that any page leads to, and the page."""
    for _, page in siege.pages:
        found = page.tree.xpath("//@href | //@action") if page.tree is not None else []
        for link in [*found, *([page.answer.location] if page.answer.location else [])]:
            yield page.path, onward(page.path, link) or ""


def test_s41_no_address_names_anybody(siege: Siege) -> None:
    """Each word of one case bears a name that stands nowhere else."""
    assert any(page.tree is not None and siege.name in page.answer.text for _, page in siege.pages)
    assert [there for there in names_in(siege) if siege.name in there[1]] == []
