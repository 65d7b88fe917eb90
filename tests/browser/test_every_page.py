"""Every kind of page that the walks do not come by, with the error its form gives when sent empty."""

from collections.abc import Callable
from pathlib import Path

from casework.cli.demonstration import people
from tests.browser.conftest import Office
from tests.browser.walker import Walker
from workflows import ITEMS

Visit = Callable[..., Walker]
ELSEWHERE = {"recommendation", "telling", "letter", "disposal"}
"""Kinds that begin on pages of their own, which other walks come by."""


def test_whatever_can_be_kept_on_a_case_has_a_form_that_says_what_is_missing(
    visit: Visit, office: Office
) -> None:
    supervisor = visit(people.SUPERVISOR)
    case = f"/cases/{office.case('valid')}"
    for name, kind in ITEMS.items():
        if kind.begins_with.page or kind.begins_with.is_implied or name in ELSEWHERE:
            continue
        supervisor.open(f"{case}/add/{name}")
        if any(fact.required for fact in kind.begins_with.facts):
            supervisor.press("Save").tells_errors()
    supervisor.open(f"{case}/papers/hold").press("Save").tells_errors()
    find = "SELECT {} FROM item WHERE workflow = 'recommendation' AND state = 'made' ORDER BY id"
    case, item = office.one(find.format("case_token")), office.one(find.format("token"))
    for step in ("extend", "respond", "remind", "copy", "lapse", "describe"):
        supervisor.open(f"/cases/{case}/items/{item}/steps/{step}")
    supervisor.open(f"/cases/{case}/timeline").open("/recommendations").open("/conflicts").open(
        "/office"
    ).open("/reports/now").open("/published/checking").open("/retention/").open("/retention/holds")
    supervisor.open("/retention/register")


def test_an_office_looks_after_its_letters(visit: Visit, office: Office, tmp_path: Path) -> None:
    administrator = visit(people.ADMINISTRATOR).open("/checkpoints").open("/settings/letters/")
    administrator.open("/settings/letters/placeholders").reads("reference")
    no_letter = tmp_path / "letter.docx"
    no_letter.write_text("no Word file")
    administrator.open("/settings/letters/acknowledgement")
    administrator.page.locator("input[type=file]").set_input_files(no_letter)
    administrator.press("Check it and use it").tells_errors()
