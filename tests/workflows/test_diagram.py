"""The picture shows every state once, marks the present one and says every change of state."""

import re
from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows import WORKFLOWS
from workflows.complaint_review import COMPLAINT_REVIEW as REVIEW
from workflows.definition import STAYS, State, Step, Workflow
from workflows.diagram import in_sentences, mermaid, svg
from workflows.diagram_layout import Layout
from workflows.moves import changes_of

SVG = "{http://www.w3.org/2000/svg}"
STATE = "workflow-diagram__state"
EVERY_STATE = [*REVIEW.states_by_name]


def drawn(workflow: Workflow, present: str | None = None) -> ET.Element:
    return ET.fromstring(svg(workflow, present))


def nodes(picture: ET.Element) -> dict[str, ET.Element]:
    """The drawn states by all the words in their box."""
    found = {}
    for group in picture.iter(f"{SVG}g"):
        if STATE in group.get("class", "").split():
            words = " ".join(text.text or "" for text in group.iter(f"{SVG}text"))
            assert words not in found
            found[words] = group
    return found


def words_of(picture: ET.Element) -> str:
    lines = [" ".join(text.itertext()) for text in picture.iter(f"{SVG}text")]
    return "\n".join(lines)


@pytest.mark.parametrize("workflow", WORKFLOWS.values(), ids=WORKFLOWS)
def test_each_state_is_drawn_once_by_its_label(workflow: Workflow) -> None:
    boxes = [*nodes(drawn(workflow))]
    assert len(boxes) == len(workflow.states)
    for state in workflow.states:
        assert sum(re.match(rf"{state.label}($| can go)", box) is not None for box in boxes) == 1


@pytest.mark.parametrize("present", EVERY_STATE)
def test_the_present_state_is_marked_by_a_thick_border_and_in_words(present: str) -> None:
    picture = drawn(REVIEW, present)
    widths = {
        words: float(group.find(f"{SVG}rect").get("stroke-width"))  # type: ignore[union-attr, arg-type]
        for words, group in nodes(picture).items()
    }
    label = REVIEW.states_by_name[present].label
    (marked,) = [words for words in widths if "(now)" in words]
    assert marked.startswith(f"{label} (now)")
    assert widths.pop(marked) > 2 * max(widths.values())
    assert f"The case is now “{label}”." in picture.findtext(f"{SVG}desc", "")


def test_without_a_present_state_none_is_marked() -> None:
    assert "(now)" not in svg(REVIEW)


def test_a_present_state_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError):
        svg(REVIEW, "limbo")


@pytest.mark.parametrize("step", [c.step for c in changes_of(REVIEW) if c.step.name != "reopen"])
def test_every_change_between_states_has_its_words_in_the_picture(step: Step) -> None:
    if step.name != "log":  # the dot a case begins at has no room for words
        assert step.label in words_of(drawn(REVIEW)).replace("\n", " ")
    assert step.label in in_sentences(REVIEW)


def test_what_reopening_leads_to_stands_in_the_closed_states() -> None:
    boxes = "\n".join(nodes(drawn(REVIEW)))
    assert "Upheld can go back to Valid" in boxes
    assert "Invalid can go back to Received" in boxes
    assert "Withdrawn can go back to where it was" in boxes


def test_it_is_named_and_described_and_its_ids_are_its_own() -> None:
    picture = drawn(REVIEW)
    assert picture.get("role") == "img"
    ids = [element.get("id") for element in picture.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    title, desc = (picture.get("aria-labelledby") or "").split()
    assert [picture.find(f"{SVG}{tag}").get("id") for tag in ("title", "desc")] == [title, desc]  # type: ignore[union-attr]
    other = ET.fromstring(svg(replace(REVIEW, name="other")))
    assert not {element.get("id") for element in other.iter()} & set(ids)


def test_a_strict_content_security_policy_lets_it_through() -> None:
    for element in drawn(REVIEW, "valid").iter():
        assert element.tag != f"{SVG}style"
        assert element.tag != f"{SVG}script"
        assert not {name for name in element.attrib if name == "style" or name.startswith("on")}


def test_every_colour_is_a_grey() -> None:
    for colour in re.findall(r"#([0-9a-f]{6})", svg(REVIEW, "valid")):
        red, green, blue = (int(colour[at : at + 2], 16) for at in (0, 2, 4))
        assert max(red, green, blue) - min(red, green, blue) < 20


def test_markup_in_words_stays_words() -> None:
    evil = '<b>"A" & B</b>; --> x'
    states = (replace(REVIEW.states[0], label=evil), *REVIEW.states[1:])
    workflow = replace(REVIEW, states=states)
    picture = drawn(workflow, "received")
    assert any(words.startswith(evil) for words in nodes(picture))
    assert evil in picture.findtext(f"{SVG}desc", "")
    for forbidden in ("<", "&", ";", '"A"'):
        line = next(line for line in mermaid(workflow).splitlines() if line.endswith("as received"))
        assert forbidden not in re.sub(r"#\d+;", "", line)


def test_mermaid_lists_every_change_and_nothing_that_stays() -> None:
    lines = mermaid(REVIEW).splitlines()
    assert lines[0] == "stateDiagram-v2"
    arrows = [line.strip() for line in lines if "-->" in line]
    expected = set()
    for step in REVIEW.steps:
        for source, dest in step.moves:
            ends = ("received", "valid", "reviewed") if dest == "<" else (dest,)
            for end in ends if dest != STAYS else ():
                expected.add(("[*]" if source == "annulled" else source, end, step.label))
    found = {
        tuple(re.split(r" --> | : ", arrow.removesuffix(" (where it was)"))) for arrow in arrows
    }
    assert found == expected
    assert len(arrows) == len(expected)
    for state in REVIEW.states:
        assert f'    state "{state.label}" as {state.name}' in lines


# Whatever is defined can be drawn


@st.composite
def workflows(draw: st.DrawFn) -> Workflow:
    labels = st.text("ABC <&>'\"", min_size=1, max_size=40).filter(str.strip)
    count = draw(st.integers(1, 7))
    states = tuple(State(f"s{at}", draw(labels), draw(st.booleans())) for at in range(count))
    names = st.sampled_from(["start", *(state.name for state in states)])
    pairs = draw(st.lists(st.tuples(names, names), max_size=15, unique=True))
    steps = tuple(
        Step(f"t{at}", draw(labels), f"e{at}", "Done", (pair,), ("reviewer",))
        for at, pair in enumerate(pairs)
    )
    return Workflow("any", "Any & all", "1", State("start", "Start"), states, steps)


@given(workflow=workflows(), chosen=st.integers(0, 7))
def test_any_definition_is_drawn_whole_and_without_boxes_on_each_other(
    workflow: Workflow, chosen: int
) -> None:
    present = ["start", *(state.name for state in workflow.states)][
        chosen % (len(workflow.states) + 1)
    ]
    drawn(workflow, present)
    assert mermaid(workflow).count("-->") == len(changes_of(workflow))
    layout = Layout(workflow, present)
    assert layout.boxes.keys() >= {state.name for state in workflow.states}
    for box in layout.boxes.values():
        assert box.x >= 0
        assert box.y >= 0
        assert box.right <= layout.width
        assert box.y + box.height <= layout.height
    for one, other in combinations(layout.boxes.values(), 2):
        beside = one.right <= other.x or other.right <= one.x
        assert beside or one.y + one.height <= other.y or other.y + other.height <= one.y
