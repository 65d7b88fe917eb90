"""What may be recommended is exactly what the law gives on each route, proposed or decided."""

from typing import Any

import pytest

from tests.workflows.lives import SECOND, Life, day
from workflows.complaint_review_choices import RECOMMENDATIONS
from workflows.complaint_review_powers import POWERS

# Paragraphs 6A(6), and 25(4E) to (4G), as the table of the domain has them.
LAW = {
    "refer_to_iopc": ("6A(6)(a)", "25(4E)(b)"),
    "investigate": ("6A(6)(b)", None),
    "reinvestigate": (None, "25(4E)(a)"),
    "case_to_answer": (None, "25(4E)(c)"),
    "performance": (None, "25(4E)(c)"),
    "apology": ("6A(6)(c)", "25(4E)(d)"),
    "return_property": ("6A(6)(c)", "25(4E)(d)"),
    "reflective_practice": ("6A(6)(c)", "25(4E)(d)"),
    "other_remedy": ("6A(6)(c)", "25(4E)(d)"),
    "notify_dpp": (None, "25(4F)"),
}
ROUTES = ("otherwise", "investigation")


def allows(code: str, route: str | None, step: str) -> bool:
    if step == "not_uphold" and code != "notify_dpp":
        return False
    if route is None:
        return step == "write_review"
    return LAW[code][ROUTES.index(route)] is not None


@pytest.mark.parametrize("route", [None, *ROUTES])
@pytest.mark.parametrize("step", ["write_review", "uphold", "not_uphold"])
def test_every_power_on_every_route(step: str, route: str | None) -> None:
    life = Life("log", "find_valid")
    known: dict[str, Any] = {"route": route} if route else {}
    is_deciding = step != "write_review"
    if is_deciding:
        life.take("write_review", day(3), **known)
    fact = "recommendations" if is_deciding else "proposed"
    for choice in RECOMMENDATIONS:
        given = {fact: [choice.code]} | ({} if is_deciding else known)
        refusal = life.refusal(step, day(5), SECOND, given=given)
        assert (refusal is None) == allows(choice.code, route, step), (choice.code, refusal)


def test_each_power_cites_its_paragraph() -> None:
    cited = {power.code: (power.otherwise, power.investigation) for power in POWERS}
    assert cited.keys() == LAW.keys() == {choice.code for choice in RECOMMENDATIONS}
    for code, paragraphs in LAW.items():
        for said, lawful in zip(cited[code], paragraphs, strict=True):
            assert (said is None) == (lawful is None), code
            assert said is None or said.startswith(str(lawful)), code
