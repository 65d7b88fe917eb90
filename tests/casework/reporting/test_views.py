"""The pages of reports: each number is the length of the list it opens, and the panel sees no case."""

import json
import re
from datetime import date, timedelta
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework import clock
from casework.counts.editions import LATEST
from casework.counts.report import annual_report
from casework.database import begin_write
from casework.imports.service import import_register
from tests import factories
from workflows.calendar import FinancialYear

REGISTER = Path(__file__).parents[2] / "data" / "registers" / "2023-24.csv"
ANNUAL = "/reports/annual/2023-24?status_on=2024-04-30"
NUMBER = re.compile(r'<a class="[^"]*app-number[^"]*"\s+href="([^"]+)">([0-9,]+)<')


@pytest.fixture
def reviewer(client: FlaskClient, db: Session) -> FlaskClient:
    begin_write(db)
    import_register(db, BytesIO(REGISTER.read_bytes()))
    db.commit()
    return factories.sign_in(client, factories.person(db, "reviewer"))


def page(client: FlaskClient, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, answer.text
    return answer.text


def referred(text: str) -> list[str]:
    return re.findall(r"CR/2023-24/[0-9]{3}", text)


@pytest.mark.one_database
def test_every_number_opens_a_list_as_long_as_it_says(reviewer: FlaskClient) -> None:
    links = [(unescape(url), int(said)) for url, said in NUMBER.findall(page(reviewer, ANNUAL))]
    opened = {re.search("measure=(.*)", url)[1] for url, _ in links}  # type: ignore[index]
    assert {"cohort.valid", "activity.completed", "by_category.none.upheld"} <= opened
    assert {"timeliness.notified.known", "recommendations.observations"} <= opened
    assert "by_route.investigation.upheld" in opened
    whole = [link for link in links if "from=2023-04-01&to=2024-03-31" in link[0]]
    columns = [link for link in links if link not in whole]
    of_each = {re.sub(r".*measure=|\.[^.]+(?=\.)", "", url): (url, said) for url, said in whole}
    for url, said in (*of_each.values(), *columns[::9]):  # each takes a report: one of a measure
        assert len(referred(page(reviewer, url))) == said, url


def test_every_figure_leads_everybody_to_what_it_means(
    reviewer: FlaskClient, client: FlaskClient
) -> None:
    text = page(reviewer, ANNUAL)
    about = set(re.findall(r'class="[^"]*app-term[^"]*"\s+href="/definitions/1#([^"]+)"', text))
    assert {"cohort.valid", "by_category.upheld", "durations.known", "activity.received"} <= about
    client.delete_cookie("session")
    for url in ("/definitions", "/definitions/1"):
        defined = re.findall(r'id="([a-z_]+\.[a-z0-9_]+)"', page(client, url))
        assert sorted(defined) == sorted(
            f"{block.name}.{words.name}" for block in LATEST.blocks for words in block.words
        )
        assert about <= set(defined)
    page(client, "/definitions/99", 404)


@pytest.mark.one_database
def test_a_list_is_the_same_whatever_is_recorded_after(reviewer: FlaskClient, db: Session) -> None:
    links = [unescape(url) for url, _ in NUMBER.findall(page(reviewer, ANNUAL))]
    url = next(url for url in links if url.endswith("cohort.received"))
    before = referred(page(reviewer, url))
    factories.case(db, on=date(2023, 4, 1), reference="CR/2023-24/099")
    assert referred(page(reviewer, url)) == before
    assert "CR/2023-24/099" in page(reviewer, re.sub("log_size=[0-9]+&", "", url))


@pytest.mark.one_database
def test_a_list_says_how_each_case_stood(reviewer: FlaskClient) -> None:
    asked = "from=2023-04-01&to=2024-03-31&status_on=2023-04-12&measure="
    text = " ".join(page(reviewer, f"/reports/figure?{asked}cohort.valid").split())
    assert referred(text) == ["CR/2023-24/001"]
    assert "State on 12 Apr 2023" in text
    assert ">Valid</strong>" in text
    later = asked.replace("2023-04-12", "2024-04-30")
    days = page(reviewer, f"/reports/figure?{later}timeliness.decided.known")
    assert "21 working days" in days


@pytest.mark.one_database
def test_a_long_list_is_cut_into_pages(client: FlaskClient, db: Session) -> None:
    for number in range(53):
        factories.case(db, on=date(2026, 4, 1), reference=f"CR/2023-24/{number:03}")
    factories.sign_in(client, factories.person(db))
    asked = "/reports/figure?from=2026-04-01&to=2026-04-01&measure=cohort.received"
    first, second = page(client, asked), page(client, f"{asked}&page=2")
    assert "1 to 50 of 53" in " ".join(first.split())
    assert len(set(referred(first)) | set(referred(second))) == 53


@pytest.mark.one_database
def test_the_panel_begins_at_what_was_published(db: Session, client: FlaskClient) -> None:
    factories.sign_in(client, factories.person(db, "panel"))
    assert client.get("/").location == "/publications/published"
    assert 'href="/reports' not in page(client, "/publications/published")


@pytest.mark.one_database
def test_the_page_says_what_the_file_says(reviewer: FlaskClient) -> None:
    shown = " ".join(unescape(re.sub("<[^>]+>", " ", page(reviewer, ANNUAL))).split())
    told = json.loads(page(reviewer, f"{ANNUAL}&format=json"))
    assert told["narrative"] in shown
    assert f"Upheld, of those decided {told['activity']['upheld']} of " in shown
    assert "Percentage upheld 2 of 5" in shown  # a small base, so no percentage
    assert f"{told['cohort']['percent_upheld']}%" not in shown
    days = told["timeliness"][1]["p90_working_days"]
    assert f"90th percentile {days} " in shown


@pytest.mark.one_database
@pytest.mark.parametrize("role", ["administrator", "panel"])
def test_who_may_not_see_reports_is_turned_away(
    client: FlaskClient, db: Session, role: str
) -> None:
    factories.sign_in(client, factories.person(db, role))
    period = "from=2023-04-01&to=2023-04-02"
    for url in (ANNUAL, f"/reports/period?{period}", f"/reports/figure?{period}&measure=x"):
        page(client, url, 403)
    page(client, "/reports/", 403)


def test_a_report_can_be_taken_away(reviewer: FlaskClient, db: Session) -> None:
    report = annual_report(db, FinancialYear(2023), date(2024, 4, 30))
    answer = reviewer.get(f"{ANNUAL}&format=json")
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=complaint-reviews-2023-24.json"
    )
    assert json.loads(answer.text)["log_root"] == report.log_root
    assert reviewer.get(f"{ANNUAL}&format=csv").data.startswith(b"\xef\xbb\xbfsection,")
    assert reviewer.get(f"{ANNUAL}&format=text").text.startswith("Complaint reviews 2023-24\n")
    page(reviewer, f"{ANNUAL}&format=exe", 404)


@pytest.mark.one_database
def test_the_years_and_quarters_that_have_begun_are_offered(
    reviewer: FlaskClient, db: Session
) -> None:
    text = page(reviewer, "/reports/")
    assert "2022-23" in text
    assert "2021-22" not in text
    for url in map(unescape, re.findall('href="(/reports/[^"]+)"', text)):
        page(reviewer, url)


TOMORROW = (clock.today() + timedelta(days=1)).isoformat()


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("/reports/period", "Enter the first day."),
        ("/reports/period?from=30/2/2023&to=1/3/2023", "First day must be a real day"),
        ("/reports/period?from=2/3/2023&to=1/3/2023", "Give the earlier day first"),
        ("/reports/period?from=1/3/2023&to=2/3/2023&log_size=x", "must be a whole number"),
        ("/reports/period?from=1/3/2023&to=2/3/2023&log_size=99999", "The log holds"),
        (f"/reports/annual/2023-24?status_on={TOMORROW}", "is not known yet"),
        ("/reports/annual/2998-99", "still to come"),
        ("/reports/figure?from=1/3/2023&to=2/3/2023", "Choose a figure"),
        ("/reports/figure?from=1/3/2023&to=2/3/2023&measure=lost", "has no figure"),
    ],
)
def test_what_has_no_answer_is_said_and_what_was_typed_is_kept(
    reviewer: FlaskClient, url: str, says: str
) -> None:
    text = unescape(page(reviewer, url, 422))
    assert says in text
    assert "<title>Error: Reports" in " ".join(text.split()).replace("<title> ", "<title>")
    for typed in re.findall("=([0-9x/-]+)", url):
        assert f'value="{typed}"' in text


@pytest.mark.one_database
def test_a_report_as_at_the_first_day_there_is_has_no_year_before(reviewer: FlaskClient) -> None:
    text = page(reviewer, "/reports/period?from=2023-04-01&to=2023-04-30&status_on=0001-01-01")
    assert "On 1 January 1 the period had not begun" in text


@pytest.mark.one_database
def test_an_address_of_no_year_is_not_found(reviewer: FlaskClient) -> None:
    page(reviewer, "/reports/annual/2023-25", 404)
    page(reviewer, "/reports/annual/soon", 404)
