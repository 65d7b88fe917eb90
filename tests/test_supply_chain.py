"""What is installed is what was locked and accepted: releases, hashes, licences, the bill of them."""

import json
import re
import subprocess
import tomllib
from email.message import Message

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import licences
from tools.licences import NotAccepted
from tools.locks import REQUIREMENTS, locked

ROOT = REQUIREMENTS.parent
LOCKS = sorted(path.stem for path in REQUIREMENTS.glob("*.txt"))
SUPPLY = ROOT / ".venv-supply" / "bin" / "python"


@pytest.mark.parametrize("lock", LOCKS)
def test_s43_every_release_is_locked_with_its_hashes(lock: str) -> None:
    releases = locked(lock)
    assert releases
    for each in releases:
        assert each.hashes, each.name
        assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in each.hashes), each.name
        assert each.requirement.url is None


@pytest.mark.parametrize("lock", LOCKS)
def test_s43_no_lock_says_where_from(lock: str) -> None:
    text = (REQUIREMENTS / f"{lock}.txt").read_text()
    assert "://" not in text
    assert not re.search(r"^\s*--(?!hash)", text, re.MULTILINE)


def test_s43_all_that_casework_asks_for_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["postgres"]]
    there = {each.name: each.version for each in locked("runtime")}
    for requirement in map(Requirement, asked):
        assert there[canonicalize_name(requirement.name)] in requirement.specifier


def test_developers_have_what_offices_have() -> None:
    developers = {each.name: each for each in locked("dev")}
    for each in locked("runtime"):
        assert developers[each.name].version == each.version
        assert developers[each.name].hashes == each.hashes


def test_every_licence_was_accepted_and_is_listed() -> None:
    licences.check()
    assert licences.tables() == licences.PAGE.read_text()


def test_a_licence_that_nobody_accepted_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Message()
    told["License-Expression"] = "AGPL-3.0-only"
    monkeypatch.setattr(licences, "metadata", lambda _name: told)
    with pytest.raises(NotAccepted, match=r"flask \(AGPL-3.0-only\)"):
        licences.check()


def test_a_tool_s_licence_is_not_one_for_an_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(licences, "licence_of", lambda _name: "GPL-3.0-or-later")
    with pytest.raises(NotAccepted) as refused:
        licences.check()
    assert "flask (GPL" in str(refused.value)
    assert "djlint (GPL" not in str(refused.value)


@pytest.mark.thorough
def test_s43_the_bill_of_materials_names_all_that_is_locked_and_vendored() -> None:
    if not SUPPLY.exists():
        pytest.skip("no .venv-supply here: make sbom makes it")
    made = subprocess.run(
        [SUPPLY, "-m", "tools.sbom"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    bill = json.loads((ROOT / made.stdout.partition(":")[0]).read_text())
    told = {each["name"]: each for each in bill["components"]}
    assert {"govuk-frontend", "frontend"} <= told.keys()
    for each in locked("runtime"):
        part = told[each.name]
        assert part["version"] == each.version
        assert part["licenses"]
        (files,) = part["externalReferences"]
        assert {digest["content"] for digest in files["hashes"]} == set(each.hashes)
    needs = {each["ref"]: each.get("dependsOn", []) for each in bill["dependencies"]}
    assert "sqlalchemy" in needs["casework"]
    assert "psycopg-binary" in needs["psycopg"]
