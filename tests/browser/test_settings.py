"""The office's settings as an administrator changes them in a real browser."""

from collections.abc import Callable

from casework.cli.demonstration import people
from tests.browser.conftest import Office
from tests.browser.walker import Walker

Visit = Callable[..., Walker]


def test_an_administrator_changes_settings_and_sees_no_case(visit: Visit, office: Office) -> None:
    administrator = visit(people.ADMINISTRATOR).heading("Settings")
    before = office.log_size()
    administrator.open("/settings/office_name").page.locator("#value").fill("")
    administrator.press("Keep the change").tells_errors()
    administrator.page.locator("#value").fill("Office for the Fens")
    administrator.press("Keep the change").heading("Settings").reads("Office for the Fens")
    assert office.log_size() == before + 1
    for name in ("decide_target", "clock_start", "sign_off", "extra_holidays", "forces"):
        administrator.open(f"/settings/{name}")
    administrator.open("/settings/extra_holidays").page.locator("#value").fill("31 February 2027")
    administrator.press("Keep the change").tells_errors()
    administrator.open("/settings/no_such_setting", 404)
    administrator.open("/cases", 403)
