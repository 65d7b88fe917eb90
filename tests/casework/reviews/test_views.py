"""A review is written with its allegations, decided by somebody else, and told to whom it concerns."""

import pytest

from casework import clock
from casework.audit.events import events_of
from casework.progress import Moved
from tests import factories
from tests.casework.cases.pages import Page
from tests.casework.reviews.conftest import ON, REVIEW, Office, address


def told(page: Page, name: str) -> list[str]:
    """The values that a page offers of a field."""
    return page.tree.xpath(f"//input[@name='{name}']/@value")


def press(page: Page, name: str, value: str) -> Page:
    """Press a button of the form that is not the one that records it."""
    fields = page.fields()
    fields[name] = value
    return Page(page.client, page.client.post(page.url, data=fields)).follow()


@pytest.mark.one_database
def test_only_the_finding_and_its_reasons_are_required(office: Office) -> None:
    moved = office.valid(categories=["A1"], grounds="Nobody rang.")
    page = office.page("reviewer", address(moved, "review"))
    assert page.send().errors == {
        "#finding": "Answer “Was the outcome reasonable and proportionate?”.",
        "#reasons": "Enter reasons.",
    }
    assert "Review written: recorded" in page.send(**REVIEW).follow().words
    assert office.items(moved, "allegation") == []


@pytest.mark.one_database
def test_the_form_begins_with_the_complaint_and_its_rows_come_and_go(office: Office) -> None:
    one = office.page("reviewer", address(office.valid(categories=["A1"], grounds="Too slow.")))
    assert "Write the review" in one.links()
    page = office.page("reviewer", one.url + "/review")
    assert page.fields()["allegations-0-category"] == "A1"
    assert page.fields()["allegations-0-point"] == "Too slow."
    page = press(page, "rows", "add")
    assert "allegations-1-point" in page.fields()
    assert page.fields()["allegations-0-point"] == "Too slow."
    page = press(page, "rows", "remove-0")
    assert page.fields()["allegations-0-point"] == ""
    assert "allegations-1-point" not in page.fields()
    page = press(page, "rows", "remove-0")
    assert "allegations-0-point" not in page.fields()
    many = office.page("reviewer", address(office.valid(categories=["A1", "B4"]), "review"))
    assert [many.fields()[f"allegations-{row}-category"] for row in (0, 1)] == ["A1", "B4"]


def test_a_review_is_recorded_with_its_allegations_and_revised_with_them(office: Office) -> None:
    moved = office.valid(categories=["A1", "B4"])
    page = office.page("reviewer", address(moved, "review"))
    rows = {"allegations-0-reasoning": "Not asked.", "allegations-1-finding": "reasonable"}
    learning = {"learning": "Date the letters.\r\n\r\nKeep in touch."}
    page.send(**REVIEW, **rows, **learning, **{"allegations-1-point": "Rude."}).follow()
    first, second = office.items(moved, "allegation")
    assert (first.values, first.words) == ({"category": "A1"}, {"reasoning": "Not asked."})
    assert second.values == {"category": "B4", "finding": "reasonable"}
    points = [item.words["point"] for item in office.items(moved, "observation")]
    assert points == ["Date the letters.", "Keep in touch."]

    returning = office.page("supervisor", address(moved, "decision"))
    returning.send(decision="return_review", comments="Say more about the witness.").follow()
    page = office.page("reviewer", address(moved, "review"))
    assert "Say more about the witness." in page.words
    assert page.fields()["reasons"] == REVIEW["reasons"]
    assert page.fields()["finding"] == REVIEW["finding"]
    page.send(**{"allegations-0-reasoning": "Asked too late.", "allegations-1-point": ""}).follow()
    revised, anew = office.items(moved, "allegation")[0], office.items(moved, "allegation")[-1]
    assert (revised.token, revised.words["reasoning"]) == (first.token, "Asked too late.")
    assert (anew.values, anew.words) == (second.values, {})
    assert len(office.items(moved, "observation")) == 2


@pytest.mark.one_database
def test_a_stale_review_comes_back_whole(office: Office) -> None:
    moved = office.valid()
    page = office.page("reviewer", address(moved, "review"))
    by = office.people["supervisor"]
    factories.move(office.db, moved.reference, "acknowledge", ON, {"note": "Theirs."}, by=by)
    stale = page.send(**REVIEW, **{"allegations-0-point": "Rude."})
    assert stale.status == 409
    assert "Theirs." in stale.words
    assert "Review written" in stale.send().follow().words
    assert [item.words["point"] for item in office.items(moved, "allegation")] == ["Rude."]


@pytest.mark.parametrize(
    ("route", "offered"),
    [("otherwise", {"investigate"}), ("investigation", {"reinvestigate", "case_to_answer"})],
)
@pytest.mark.one_database
def test_only_what_the_route_allows_is_offered(
    office: Office, route: str, offered: set[str]
) -> None:
    moved = office.valid(route=route)
    only = {"investigate", "reinvestigate", "case_to_answer"}
    page = office.page("reviewer", address(moved, "review"))
    assert set(told(page, "proposed")) & only == offered
    page.send(**REVIEW, proposed=[*offered]).follow()
    page = office.page("supervisor", address(moved, "decision"))
    assert set(told(page, "recommendations")) & only == offered
    assert set(page.fields().getlist("recommendations")) == offered
    refused = page.send(decision="uphold", recommendations=[*(only - offered)])
    assert refused.status == 422


def test_a_decision_makes_recommendations_in_full(office: Office) -> None:
    moved = office.reviewed(proposed=["apology", "investigate"], proposals="Say sorry.")
    page = office.page("supervisor", address(moved, "decision"))
    assert "Say sorry." in page.words
    said = {"recommendations": ["apology"], "wording_apology": "That the force apologise."}
    page.send(decision="uphold", **said, checked=["papers_read"]).follow()
    event = next(each for each in events_of(office.db, moved.case) if each.action == "upheld")
    assert event.stat["recommendations"] == ["apology"]
    assert event.stat["checked"] == ["papers_read"]
    assert event.words == {"reasons": REVIEW["reasons"]}
    (made,) = office.items(moved, "recommendation")
    assert made.words == {"wording": "That the force apologise."}


@pytest.mark.one_database
def test_what_belongs_to_another_decision_is_left_aside(office: Office) -> None:
    moved = office.reviewed(proposed=["apology"])
    page = office.page("supervisor", address(moved, "decision"))
    assert page.send().errors == {"#decision": "Select your decision."}
    page.send(decision="not_uphold").follow()
    event = next(each for each in events_of(office.db, moved.case) if each.action == "not_upheld")
    assert "recommendations" not in event.stat
    assert office.items(moved, "recommendation") == []


@pytest.mark.one_database
def test_the_decision_is_not_its_writers(office: Office) -> None:
    moved = office.reviewed()
    page = office.page("reviewer", address(moved, "decision"))
    assert (page.status, "second person must decide" in page.words) == (403, True)


def owed(page: Page) -> list[str]:
    """Who must still be told, as the page has it, under each heading."""
    rows = page.tree.xpath("//dt[strong[contains(., 'Owed')]]/text()[1]")
    return [" ".join(row.split()) for row in rows]


def test_everybody_is_told_in_one_go(office: Office) -> None:
    moved = office.reviewed()
    factories.item(office.db, moved.case, "party", kind="interested", name="Ann Fen")
    first = office.page("reviewer", address(moved, "telling"))
    assert len(owed(first)) == 3
    refused = first.send(
        **{
            "how-application-appropriate_authority-0": "told",
            "how-application-interested-0": "via_psd",
            "how-application-complained_against-0": "not_told",
        }
    )
    assert refused.errors == {
        "#how-application-complained_against-0": "The person complained against: "
        "Say why they were not told."
    }
    assert office.items(moved, "telling") == []
    done = refused.send(**{"why_not-application-complained_against-0": "unidentified"}).follow()
    assert owed(done) == []
    assert "An interested person: Ann Fen" in done.words
    states = {item.values["who"]: item.standing.state for item in office.items(moved, "telling")}
    assert states == {
        "appropriate_authority": "told",
        "interested": "via_psd",
        "complained_against": "not_told",
    }


@pytest.mark.one_database
def test_of_the_decision_only_prejudice_may_be_a_reason(office: Office) -> None:
    moved = _decided(office)
    page = office.page("supervisor", address(moved, "telling"))
    assert len(owed(page)) == 3 + 4
    reasons = {"why_not-{}-complained_against-0": "might_prejudice"}
    said = {
        "how-{}-complained_against-0": "not_told",
        "reason-{}-complained_against-0": "An arrest.",
    }
    both = {**reasons, **said}
    of_application = {name.format("application"): value for name, value in both.items()}
    assert "Only of the decision" in str(page.send(**of_application).errors)
    done = page.send(**{name.format("decision"): value for name, value in both.items()}).follow()
    assert "might prejudice an investigation: An arrest." in done.words
    told_by_letter = {"told": ["complainant", "appropriate_authority"]}
    factories.move(office.db, moved.reference, "notify", clock.today(), told_by_letter)
    assert len(owed(office.page("supervisor", address(moved, "telling")))) == 3 + 1


def _decided(office: Office) -> Moved:
    moved = office.reviewed()
    page = office.page("supervisor", address(moved, "decision"))
    page.send(decision="not_uphold").follow()
    return moved
