"""The page of the office today: each number opens its cases, and says what it counts."""

import re
from datetime import date
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.database import begin_write
from casework.imports.service import import_register
from tests import factories

REGISTER = Path(__file__).parents[3] / "data" / "registers" / "2023-24.csv"
NUMBER = re.compile(r'<a class="[^"]*app-number[^"]*"\s+href="([^"]+)">([0-9,]+)<')


def page(client: FlaskClient, url: str = "/reports/now") -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.one_database
def test_each_number_opens_its_cases_and_says_what_it_counts(
    client: FlaskClient, db: Session
) -> None:
    begin_write(db)
    import_register(db, BytesIO(REGISTER.read_bytes()))
    db.commit()
    for number, on in enumerate((date(2023, 10, 2), date(2023, 11, 30), date(2023, 12, 1)), 901):
        factories.case(db, on=on, reference=f"CR/2023-24/{number}")
    with time_machine.travel("2024-01-15 12:00+00:00", tick=False):
        text = page(factories.sign_in(client, factories.person(db, "reviewer")))
        links = {unescape(url): int(said) for url, said in NUMBER.findall(text)}
        opened = {re.search("measure=(.*)", url)[1] for url in links if "measure=" in url}  # type: ignore[index]
        assert {"activity.received", "activity.completed", "activity.carried_forward"} <= opened
        assert {"open_cases.open", "by_category.none.valid"} <= opened
        assert len([url for url in links if url.startswith("/cases?")]) > 1  # the bands of ages
        of_each = {url.partition("measure=")[2] or url: url for url in links}
        for url in of_each.values():
            said = 1 if url.endswith("oldest") else links[url]
            assert len(set(re.findall("CR/2023-24/[0-9]{3}", page(client, url)))) == said, url
    for anchor in re.findall('<dt>\\s*<a[^>]*href="#([^"]+)"', text):
        assert f'id="{anchor}"' in text
    assert text.count("<svg") == text.count('role="img"') >= 5
    assert "Decisions are those that still stood at the end of their month." in text
    for words in (
        "working days (from receipt)",
        '<dt id="open_cases-over_target">Over target (from',
    ):
        assert words in text  # the desk counts from the office's own clock


@pytest.mark.one_database
def test_an_office_without_a_case_has_a_page_too(client: FlaskClient, db: Session) -> None:
    text = page(factories.sign_in(client, factories.person(db, "supervisor")))
    assert NUMBER.findall(text) == []
    assert "No case was received." in text


@pytest.mark.one_database
def test_a_whole_february_is_beside_the_whole_one_of_a_leap_year_before(
    client: FlaskClient, db: Session
) -> None:
    for on in (date(2024, 2, 28), date(2024, 2, 29), date(2025, 2, 1), date(2025, 2, 28)):
        factories.case(db, on=on)
    with time_machine.travel("2025-02-28 12:00+00:00", tick=False):
        text = " ".join(page(factories.sign_in(client, factories.person(db, "reviewer"))).split())
    assert re.search(r"This month<[^>]+>1 Feb 2025 to 28 Feb 2025<.{,400}?>2<", text)
    assert re.search(r"same days last year<[^>]+>1 Feb 2024 to 29 Feb 2024<.{,400}?>2<", text)
