"""The only place that goes through an office by its links, and reads the forms off its pages."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import lxml.html  # type: ignore[import-untyped]
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

SAYS_WHAT = frozenset({"name", "kind", "form", "decision"})
"""Parts of addresses of which each value is a page of its own; other parts only name something."""
EACH = frozenset({"cases.case"})
"""Pages that lead to others by what they are about, so that each is looked at."""
LEAVES = frozenset({"static", "publishing.file", "publishing.download", "letter_templates.starter"})
"""What leads nowhere and takes long to make."""
Kind = tuple[Any, ...]


@dataclass(frozen=True)
class Visited:
    """A page that was arrived at."""

    path: str
    endpoint: str
    kind: Kind
    answer: TestResponse
    tree: Any
    """What lxml reads of it; None of what is no page."""


@dataclass(frozen=True)
class Form:
    """A form that somebody with `role` sees at `path`, and what would be sent to `action`."""

    role: str
    path: str
    action: str
    endpoint: str
    kind: Kind
    form: Any

    def __str__(self) -> str:
        return f"{self.role} at {self.path}: {self.action}"

    @property
    def boxes(self) -> list[str]:
        """The names of what can be filled in or chosen, and of what is sent unseen."""
        return list(dict.fromkeys(each.get("name") for each in self.form.inputs if each.name))

    @property
    def files(self) -> list[str]:
        """The names of what takes a file."""
        return self.form.xpath(".//input[@type='file']/@name")

    @property
    def texts(self) -> list[str]:
        """The names of what takes words."""
        typed = ".//textarea/@name | .//input[not(@type) or contains($kinds, @type)]/@name"
        found = self.form.xpath(typed, kinds="text email tel search url number")
        return list(dict.fromkeys(found))


class Addresses:
    """Tells what an address of the application is about."""

    def __init__(self, app: Flask) -> None:
        self._map = app.url_map.bind("localhost")

    def kind(self, path: str, method: str = "GET") -> tuple[str, Kind] | None:
        """The endpoint of an address, and what makes it a page of its own; None where is none."""
        parts = urlsplit(path)
        try:
            endpoint, given = self._map.match(parts.path, method=method)
        except HTTPException:
            return None
        told = [(name, value) for name, value in sorted(given.items()) if name in SAYS_WHAT]
        about = given.get("token") if endpoint in EACH else None
        asked = sorted({name for name, value in parse_qsl(parts.query) if value})
        return endpoint, (endpoint, tuple(told), about, tuple(asked))


def walk(
    app: Flask, client: FlaskClient, starts: Iterable[str], known: Container[Kind] = ()
) -> Iterator[Visited]:
    """Go wherever links lead from these addresses, to each kind of page once, but to none known."""
    addresses, to_see, seen = Addresses(app), list(starts), set[Kind]()
    while to_see:
        path = to_see.pop(0)
        about = addresses.kind(path)
        if about is None or about[0] in LEAVES or about[1] in seen or about[1] in known:
            continue
        seen.add(about[1])
        answer = client.get(path, buffered=True)
        tree = parsed(answer)
        yield Visited(path, *about, answer, tree)
        to_see += [own for link in links(answer, tree) if (own := onward(path, link))]


def parsed(answer: TestResponse) -> Any:
    """What lxml reads of a page; None of what is no page."""
    if answer.mimetype != "text/html" or not answer.data:
        return None
    return lxml.html.document_fromstring(answer.data, parser=lxml.html.HTMLParser(encoding="utf-8"))


def links(answer: TestResponse, tree: Any) -> list[str]:
    """Where an answer leads to."""
    there = [answer.location] if answer.location else []
    return there + (tree.xpath("//a/@href") if tree is not None else [])


def onward(path: str, link: str) -> str | None:
    """The address in this office to which a link of a page leads."""
    there = urlsplit(urljoin(f"http://localhost{path}", link))
    if there.netloc != "localhost" or link.startswith("#"):
        return None
    return there._replace(scheme="", netloc="", fragment="").geturl()


def forms(app: Flask, role: str, page: Visited) -> Iterator[Form]:
    """The forms of a page by which something is sent, once for each place they can be sent to."""
    addresses = Addresses(app)
    for form in page.tree.xpath("//form[@method='post']") if page.tree is not None else ():
        own = form.get("action") or page.path
        for sent_to in dict.fromkeys([own, *form.xpath(".//button/@formaction")]):
            action = onward(page.path, sent_to)
            known = addresses.kind(action, "POST") if action else None
            assert known is not None, (page.path, sent_to)
            names = frozenset(form.xpath(".//@name")) if sent_to == own else ()
            yield Form(role, page.path, str(action), known[0], (*known[1][:2], names), form)
