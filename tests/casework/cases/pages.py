"""The only place where tests of pages read a page and send its form as a browser would."""

from datetime import date
from typing import Any

import lxml.html  # type: ignore[import-untyped]
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse


class Page:
    """An answer as a person sees it."""

    def __init__(self, client: FlaskClient, answer: TestResponse) -> None:
        self.client, self.answer = client, answer
        self.tree = lxml.html.fromstring(answer.get_data(as_text=True) or "<html></html>")

    @classmethod
    def get(cls, client: FlaskClient, url: str) -> "Page":
        """The page at an address, or the one that owns the step that the address names."""
        page = cls(client, client.get(url))
        page.url = url
        if page.status == 302 and "?step=" in page.answer.location:
            return cls.get(client, page.answer.location)
        return page

    url = ""

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def words(self) -> str:
        """All that is written in the page's main part, with single spaces."""
        return " ".join(self.tree.find(".//main").text_content().split())

    @property
    def heading(self) -> str:
        (heading,) = self.tree.findall(".//h1")
        return " ".join(heading.text_content().split())

    @property
    def errors(self) -> dict[str, str]:
        """The sentences of the error summary, by where they lead."""
        links = self.tree.xpath("//ul[contains(@class, 'govuk-error-summary__list')]/li")
        found = {}
        for item in links:
            link = item.find("a")
            found[link.get("href") if link is not None else ""] = item.text_content().strip()
        return found

    def fields(self) -> MultiDict[str, str]:
        """What the main form would send if nothing were changed."""
        (form,) = self.tree.xpath("//main//form[@method='post'][.//input[@name='req']]")
        # lxml sends "on" for a ticked box whose value is empty; browsers send nothing in it.
        empty = {box.name for box in form.xpath(".//input[@checked][@value='']")}
        return MultiDict(
            (name, "" if name in empty and value == "on" else value)
            for name, value in form.form_values()
        )

    def send(self, **changes: Any) -> "Page":
        """Fill in the main form and send it; days fill their three boxes, lists tick boxes.

        Where the form has a field of that name for what is decided on it, that one is meant.
        """
        fields = self.fields()
        for each, value in changes.items():
            name = self._own(each, str(changes.get("decision") or fields.get("decision")))
            if isinstance(value, date):
                for part in ("day", "month", "year"):
                    fields[f"{name}-{part}"] = str(getattr(value, part))
            elif isinstance(value, list | tuple):
                fields.setlist(name, list(value))
            elif value is True:
                fields[name] = "y"
            else:
                fields[name] = str(value)
        page = Page(self.client, self.client.post(self.url, data=fields))
        page.url = self.url
        return page

    def _own(self, name: str, decision: str) -> str:
        own = f"{decision}_{name}"
        is_there = self.tree.xpath(
            "//@name[. = $own or starts-with(., concat($own, '-'))]", own=own
        )
        return own if is_there else name

    def follow(self) -> "Page":
        """The page that a redirect leads to."""
        assert self.status == 302, self.words
        return Page.get(self.client, self.answer.location)

    def links(self) -> dict[str, str]:
        """The links of the main part: words to address."""
        return {
            " ".join(link.text_content().split()): link.get("href")
            for link in self.tree.xpath("//main//a")
        }
