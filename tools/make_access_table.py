"""Writes who may open what into docs/security/access.md: `python -m tools.make_access_table`.

Addresses and permissions are the application's own; what each role is answered is the matrix that
the tests hold the application against.
"""

import tempfile
from collections import defaultdict
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule

from casework import create_app
from casework.permissions import roles_giving
from config import Settings
from tests.matrix import MATRIX, ROLES, Call, Otherwise, calls, is_about_a_case, parts, sees_others
from tools.marked_tables import with_tables

PAGE = Path(__file__).parents[1] / "docs" / "security" / "access.md"
OTHERWISE: dict[str, Otherwise] = {
    "kept from them": "restricted_to_others",
    "erased": "erased",
    "not there": "not_there",
}
"""The columns beside the roles, and what an address is about in each."""


def permissions_of(app: Flask, endpoint: str) -> tuple[str, ...]:
    """The permissions of which one is needed for an endpoint, as its view declares them."""
    return getattr(app.view_functions[endpoint], "permissions", ())


def roles(app: Flask) -> str:
    """Each permission that an address asks for, and the roles that give it."""
    asked = {each for view in app.view_functions for each in permissions_of(app, view)}
    given = [
        [f"`{each}`", *("yes" if role in roles_giving(each) else "" for role in ROLES[1:])]
        for each in sorted(asked)
    ]
    return _table(["permission", *map(_words, ROLES[1:])], given)


def addresses(app: Flask) -> str:
    """Each address and method: who is let in, what each role is answered, and about whose case."""
    by_place: defaultdict[str, list[Rule]] = defaultdict(list)
    for rule in app.url_map.iter_rules():
        by_place[rule.endpoint.partition(".")[0]].append(rule)
    heads = ["address", "method", "let in by", *map(_words, ROLES), *OTHERWISE]
    said = []
    for place in sorted(by_place):
        rows = [_row(app, rule, method) for rule in by_place[place] for method in MATRIX[rule.rule]]
        said.append(f"\n### {_words(place).capitalize()}\n\n{_table(heads, rows)}")
    return "".join(said) + "\n"


def _words(code: str) -> str:
    return code.replace("_", " ")


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _row(app: Flask, rule: Rule, method: str) -> list[str]:
    asked = [call for call in calls(method) if call.rule == rule.rule]
    cells = [f"`{rule.rule}`", method, _let_in(app, rule, asked)]
    cells += [str(call.status) for call in asked]
    return cells + [_otherwise(asked, each) for each in OTHERWISE.values()]


def _let_in(app: Flask, rule: Rule, asked: list[Call]) -> str:
    """The permission that lets somebody in."""
    if needed := permissions_of(app, rule.endpoint):
        return " or ".join(f"`{each}`" for each in needed)
    signed_out, *others = (call.status for call in asked)
    is_sent_to_sign_in = signed_out == 302 and 302 not in others
    return "whoever is signed in" if signed_out == 401 or is_sent_to_sign_in else "everybody"


def _otherwise(asked: list[Call], otherwise: Otherwise) -> str:
    """What whoever is let in is answered where the address is about such a case, or such a thing."""
    (rule,) = {call.rule for call in asked}
    let_in = {call.about(otherwise) for call in asked if call.is_let_in and sees_others(call.role)}
    has = is_about_a_case(rule) or (otherwise == "not_there" and parts(rule))
    return ", ".join(map(str, sorted(let_in))) if has else ""


def page(app: Flask) -> str:
    """The page with its table made again."""
    return with_tables(
        PAGE.read_text(), {"roles": lambda: roles(app), "addresses": lambda: addresses(app)}
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_environment({"CASEWORK_ENV": "test", "CASEWORK_DATA_DIR": folder})
        PAGE.write_text(page(create_app(settings)))
