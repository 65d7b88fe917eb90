"""A restricted case by commands: named by e-mail address, kept from the others, opened to one more."""

import pytest

from casework import clock
from tests.casework.cli.conftest import Action, Console


@pytest.mark.one_database
def test_one_more_person_is_named_where_nobody_named_can_do_it(
    staffed: Console, ria: Action
) -> None:
    for name, role in (("sid", "supervisor"), ("cas", "casework_administrator"), ("al", "auditor")):
        address = f"{name}@office.example"
        staffed("user", "add", address, "--name", name.title(), "--role", role)
    named = {"people": ["sue@office.example", "al@office.example"], "why": "Well known."}
    sue = {"as": "sue@office.example", "reference": "CR/1"}
    (_, restricted, refused) = staffed.lines(
        ria("log", "2026-04-01"),
        {**sue, "step": "restrict_case", "on": "2026-04-02", "set": named},
        {**sue, "as": "cas@office.example", "step": "acknowledge", "on": "2026-04-02"},
        code=1,
    )
    assert restricted["ok"]
    assert "you are none of them" in refused["message"]
    assert staffed.json("case", "steps", "CR/1", "--as", "sid@office.example") == []
    staffed("user", "disable", "sue@office.example", "--reason", "Left.")
    why = ("--why", "Everybody named has left.")
    staffed("user", "add", "con@office.example", "--name", "Con", "--role", "contractor")
    staffed("user", "add", "adi@office.example", "--name", "Adi", "--role", "administrator")
    for name, why_not in (("con", "would still not see CR/1"), ("adi", "no role that sees cases")):
        said = staffed("case", "admit", "CR/1", f"{name}@office.example", *why, code=2).stderr
        assert why_not in said
        assert "u_" not in said
    staffed("case", "admit", "CR/1", "sid@office.example", *why)
    assert "acknowledge" in str(staffed.json("case", "steps", "CR/1", "--as", "sid@office.example"))
    lifted = {"as": "sid@office.example", "reference": "CR/1", "step": "lift_case_restriction"}
    over = {
        "on": clock.today().isoformat(),
        "item": restricted["item"],
        "set": {"why_lifted": "Over."},
    }
    told = staffed.lines({**lifted, **over})
    assert told[0]["ok"], told
    assert (
        "not restricted"
        in staffed("case", "admit", "CR/1", "sid@office.example", *why, code=2).stderr
    )
    staffed("audit", "verify")
