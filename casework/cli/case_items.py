"""The only place that finds what kept on a case a line of `casework case apply` is about."""

from dataclasses import replace

from sqlalchemy.orm import Session

from casework.audit.items import KeptItem
from casework.items import ItemRef, items_on
from workflows import ITEMS, WORKFLOWS
from workflows.definition import Workflow
from workflows.history import AMENDMENTS

NamedItem = str | int | None
"""What “item” says: a token, a number counted from 1, or the kind of what is begun."""


class NoSuchItem(Exception):
    """Nothing kept on the case is meant; the message says what to write instead."""


def begun(step: str, item: NamedItem) -> Workflow | None:
    """The kind of item that a step begins, None when it begins none. Raises NoSuchItem."""
    kinds = {kind.name: kind for kind in ITEMS.values() if kind.begins_with.name == step}
    if not kinds:
        return None
    if len(kinds) > 1 and item not in kinds:
        raise NoSuchItem(f"“{step}” begins several things. Name one as “item”: {', '.join(kinds)}.")
    kind = kinds[str(item)] if item in kinds else next(iter(kinds.values()))
    if any(fact.kind == "file" and fact.required for fact in kind.begins_with.facts):
        raise NoSuchItem(f"A {kind.noun} needs a file, which only its own page can take.")
    return kind


def meant(
    session: Session,
    case: str,
    step: str,
    item: NamedItem,
    target: int | None,
    version: int | None,
) -> ItemRef | None:
    """The item that a line changes, None where the line is about the case itself.

    A correction or an annulment means what the entry it names belongs to. Raises NoSuchItem.
    """
    if item is None and step not in AMENDMENTS:
        _refuse_without_item(step)
        return None
    kept = items_on(session, case)
    if item is None:
        own = (each for each in kept if target in {event.seq for event in each.events})
        found = next(own, None)
    else:
        found = _named(kept, step, item)
    return _ref(found, version) if found else None


def _refuse_without_item(step: str) -> None:
    is_of_case = any(step in workflow.steps_by_name for workflow in WORKFLOWS.values())
    nouns = [kind.noun for kind in ITEMS.values() if step in kind.steps_by_name]
    if nouns and not is_of_case:
        raise NoSuchItem(
            f"“{step}” is taken on a {' or a '.join(nouns)}. Say which as “item”: its token, or its "
            "number on the case."
        )


def _named(kept: tuple[KeptItem, ...], step: str, item: str | int) -> KeptItem:
    """The item with this token, or the so manieth on the case of the kind that has the step."""
    if isinstance(item, str):
        found = [each for each in kept if each.token == item]
        place = 1
    else:
        standing = (each for each in kept if each.is_kept)
        found = [each for each in standing if step in each.workflow.steps_by_name]
        place = item
    if len({each.workflow.name for each in found}) > 1:
        raise NoSuchItem(f"Several kinds of things have a step “{step}”. Give “item” as a token.")
    if not 1 <= place <= len(found):
        raise NoSuchItem(
            f"The case has no item {item!r} that “{step}” can be taken on. See `casework case show`."
        )
    _refuse_if_pages_own(found[place - 1], step)
    return found[place - 1]


def _refuse_if_pages_own(kept: KeptItem, step: str) -> None:
    """A step that goes with a file or a mail would say what is not so where neither is."""
    taken = kept.workflow.steps_by_name.get(step)
    if taken is not None and taken.page:
        raise NoSuchItem(
            f"“{taken.label}” does more than it records, so only its own page can take it."
        )


def _ref(kept: KeptItem, version: int | None) -> ItemRef:
    ref = ItemRef(kept.token, kept.case, kept.workflow.name, kept.standing.state, kept.version)
    return ref if version is None else replace(ref, version=version)
