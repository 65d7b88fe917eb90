"""The pages by which two people end a case: proposed, looked at, approved, certified, told everywhere."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import clock
from casework.database import begin_write
from casework.models import Case, Item, Person
from casework.retention import erasing
from casework.retention.named_files import NamedFiles
from tests import factories, retention_factory
from tests.retention_factory import CHIEF
from workflows.attempt import StepRefused
from workflows.calendar import in_words

pytestmark = pytest.mark.one_database


@pytest.fixture
def supervisor(client: FlaskClient, db: Session) -> Person:
    person = factories.person(db, "supervisor", name="Sam Weir")
    factories.sign_in(client, person)
    return person


@pytest.fixture
def chief(db: Session) -> Person:
    return factories.person(db, "chief_executive", "supervisor", name="Charlie Lode")


def states(db: Session) -> list[str]:
    db.rollback()
    return list(db.scalars(select(Item.state).where(Item.workflow == "disposal")))


def boxes(page: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}"\s+type="checkbox"\s+value="([^"]+)"', page)


def test_one_proposes_another_approves_and_the_register_certifies_it(
    client: FlaskClient, db: Session, supervisor: Person, chief: Person
) -> None:
    due = [retention_factory.ended(db, complainant_name="Jo Wren") for _ in range(3)]
    retention_factory.ended(db, on=clock.today() - timedelta(days=1))
    page = client.get("/retention/").text
    assert "The retention schedule is the one that Casework came with." in page
    assert boxes(page, "case") == sorted(each.case for each in due)
    sent = {"case": [each.case for each in due[:2]], "req": "a" * 32}
    for _ in range(2):
        answer = factories.post(client, "/retention/propose", **sent)
        assert (answer.status_code, answer.location) == (302, "/retention/to-approve")
    assert states(db) == ["proposed"] * 2
    assert boxes(client.get("/retention/").text, "case") == [due[2].case]
    assert boxes(client.get("/retention/to-approve").text, "disposal") == []

    factories.sign_in(client, chief)
    assert "2 erasures are proposed" in client.get("/").text
    page = client.get("/retention/to-approve").text
    assert "Jo Wren" in page and "1 entry with words, 0 papers" in page
    first, _ = boxes(page, "disposal")
    ticked = {"disposal": first, "reference": first.partition(".")[0]}
    assert factories.post(client, "/retention/approve", **ticked).status_code == 302
    assert sorted(states(db)) == ["approved", "proposed"]

    check_certificate(client, db, first.partition(".")[0])


def check_certificate(client: FlaskClient, db: Session, disposal: str) -> None:
    """Of an approved disposal, erased now, with its reference: what its pages say from then on."""
    assert client.get(f"/retention/disposals/{disposal}/certificate").status_code == 404
    begin_write(db)
    erasing.erase(db, disposal, NamedFiles())
    db.commit()
    certificate = client.get(f"/retention/disposals/{disposal}/certificate").text
    for told in ("Sam Weir", "Charlie Lode", "beside 1 entry of the log", "6 years from the end"):
        assert told in certificate
    db.expire_all()
    erased = db.scalars(select(Case).where(Case.erased_on.is_not(None))).one()
    assert erased.reference.startswith("erased-") and erased.reference in certificate
    assert f"/retention/disposals/{disposal}/certificate" in client.get("/retention/register").text

    page = client.get(f"/cases/{erased.token}").text
    assert f"Erased on {in_words(clock.today())}, at the end of its retention." in page
    for offered in ("Complainant", "/steps/", "/correct", "/annul", "/letters", "/add/"):
        assert offered not in page, offered
    assert f"Erased on {in_words(clock.today())}" in client.get("/cases").text


def test_nobody_approves_what_they_proposed_or_did_not_look_at(
    client: FlaskClient, db: Session, chief: Person
) -> None:
    case = retention_factory.ended(db)
    disposal = retention_factory.proposed(db, case.case, by=chief).item
    factories.sign_in(client, chief)
    assert boxes(client.get("/retention/to-approve").text, "disposal") == []
    refused = factories.post(client, "/retention/approve", disposal=f"{disposal}.3")
    assert refused.status_code == 422
    assert "You proposed this erasure, so somebody else approves it." in refused.text
    factories.sign_in(client, factories.person(db, "chief_executive"))
    refused = factories.post(client, "/retention/approve", disposal=f"{disposal}.2")
    assert refused.status_code == 422
    assert "Something was recorded on it since. Look at it again." in refused.text
    assert states(db) == ["proposed"]
    for nothing in ("", "x", "x.3", f"{disposal}.", f"{disposal}.x"):
        assert factories.post(client, "/retention/approve", disposal=nothing).status_code == 422


@pytest.mark.usefixtures("supervisor")
def test_all_that_is_ticked_is_proposed_or_nothing(client: FlaskClient, db: Session) -> None:
    due, held = retention_factory.ended(db), retention_factory.ended(db)
    until: dict[str, Any] = {"review_on": clock.today() + timedelta(days=9)}
    hold = factories.item(db, held.case, "hold", kind="litigation", **until)
    page = client.get("/retention/").text
    assert boxes(page, "case") == [due.case]
    assert "Held: Legal proceedings, begun or expected" in page
    both = {"case": [due.case, held.case]}
    answer = factories.post(client, "/retention/propose", **both)
    assert answer.status_code == 422
    assert f"{held.reference}: The case is held, so nothing of it is erased" in answer.text
    assert re.search(rf'value="{due.case}"\s+checked', answer.text), "what was ticked is kept"
    assert states(db) == []
    assert factories.post(client, "/retention/propose").status_code == 422
    assert held.reference in client.get("/retention/holds").text
    lifted = {"why_lifted": "The claim was withdrawn."}
    factories.move_item(db, hold.item, "lift_hold", clock.today(), lifted, by=CHIEF)
    assert factories.post(client, "/retention/propose", **both).status_code == 302


def test_what_changed_since_the_approval_keeps_a_case(
    client: FlaskClient, db: Session, chief: Person
) -> None:
    """A hold, a reopening, something not finished, a schedule that keeps it longer."""
    cases = [retention_factory.ended(db) for _ in range(3)]
    disposals = [retention_factory.approved(db, each.case).item for each in cases]
    until = clock.today() + timedelta(days=9)
    factories.item(db, cases[0].case, "hold", kind="request", review_on=until)
    why = {"reason": "withdrawal_retracted"}
    factories.move(db, cases[1].reference, "reopen", clock.today(), why, by=CHIEF)
    factories.item(db, cases[2].case, "information_request", kind="foi", asked_for="All of it.")
    sentences = []
    for disposal in disposals:
        begin_write(db)
        with pytest.raises(StepRefused) as refused:
            erasing.erase(db, disposal, NamedFiles())
        db.rollback()
        sentences.append(refused.value.sentence)
    held, reopened, asked = sentences
    assert held.startswith("The case is held, so nothing of it is erased: Subject access or")
    assert "The case is open, so it is not due to be erased." in reopened
    assert "Request for information (to be answered)" in asked
    assert states(db) == ["approved"] * 3
    factories.sign_in(client, chief)
    assert client.get("/retention/to-approve").text.count("It cannot be erased as it is.") == 2

    path = f"/cases/{cases[0].case}/items/{disposals[0]}/steps/refuse_erasure"
    today = {
        f"effective_on-{part}": str(getattr(clock.today(), part))
        for part in ("day", "month", "year")
    }
    keep = {f"keep_until-{part}": str(getattr(until, part)) for part in ("day", "month", "year")}
    sent = {**today, **keep, "reason": "Still wanted.", "version": "2"}
    assert factories.post(client, path, **sent).status_code == 302
    register = client.get("/retention/register").text
    assert "Still wanted." in register and "Kept" in register


@pytest.mark.usefixtures("supervisor")
def test_the_queue_is_narrowed_down(client: FlaskClient, db: Session) -> None:
    old = retention_factory.ended(db)
    soon = retention_factory.ended(db, on=clock.today().replace(year=clock.today().year - 6))
    assert soon.reference not in client.get("/retention/").text
    ahead = client.get("/retention/?when=year").text
    assert soon.reference in ahead and old.reference not in ahead
    assert boxes(ahead, "case") == [], "what is not due yet is not proposed"
    assert old.reference not in client.get("/retention/?outcome=upheld").text
    assert old.reference not in client.get("/retention/?held=held").text
    assert old.reference in client.get("/retention/?when=x&outcome=y&held=z&page=x").text
