"""What is written about exports is so: the rules, the known answers, and what the verifier stands on."""

import ast
import sys
from pathlib import Path

from casework.verifier import verify_casework as verifier
from tools.make_export_tables import PAGE, TABLES, VERIFIER, rules, with_rules
from tools.marked_tables import with_tables
from workflows import ITEMS, OFFICE, WORKFLOWS
from workflows.definition import AS_SAID

OLDEST = (3, 9)


def test_the_rules_are_those_of_the_definitions() -> None:
    """`python -m tools.make_export_tables` writes them again."""
    assert with_tables(PAGE.read_text(), TABLES) == PAGE.read_text()
    assert with_rules(VERIFIER.read_text()) == VERIFIER.read_text()
    assert verifier.RULES.strip() == rules().strip()


def test_the_verifier_reads_the_rules_as_they_are_meant() -> None:
    kinds = {**WORKFLOWS, **ITEMS, **OFFICE}
    assert verifier.KINDS.keys() == kinds.keys()
    for name, kind in kinds.items():
        read = verifier.KINDS[name]
        assert read.initial == kind.initial.name
        assert read.closed == {state.name for state in kind.states if state.is_closed}
        assert read.rules.keys() == kind.steps_by_event.keys()
        for event, step in kind.steps_by_event.items():
            rule = read.rules[event]
            assert {
                source: dest.partition(":")[0] if dest.startswith(AS_SAID) else dest
                for source, dest in rule.moves.items()
            } == dict(step.moves)
            assert rule.begins == [(mark.kind, mark.code) for mark in step.begins]
            assert rule.ends == set(step.ends)
            assert rule.counts == [fact.code for fact in step.facts if fact.is_counted]


def test_the_page_has_the_known_answers() -> None:
    leaf = verifier.leaf_hash(b"{}")
    text = PAGE.read_text()
    assert f"leaf  {leaf.hex()}" in text
    assert f"node  {verifier.node_hash(leaf, leaf).hex()}" in text


def test_every_check_is_on_the_page() -> None:
    names = {"files", "checkpoints", "root", "clock", "details", "published reports", "cases"}
    assert names <= {
        line.split("|")[1].strip() for line in PAGE.read_text().splitlines() if line.count("|") == 3
    }


def test_the_verifier_needs_nothing_but_an_old_python() -> None:
    tree = ast.parse(Path(verifier.__file__).read_text(), feature_version=OLDEST)
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [str(node.module)]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= sys.stdlib_module_names
