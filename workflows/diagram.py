"""The only place that draws a workflow: Mermaid text, and SVG with the present state marked.

The SVG has no styles of its own, so a strict content security policy lets it through; it
says nothing by colour alone, so it can be printed in grey.
"""

from workflows.definition import Workflow
from workflows.diagram_layout import Layout
from workflows.diagram_shapes import PAPER, WIRE, Attributes, arrowhead, drawn_state, plain, tag
from workflows.diagram_wires import arrows, forks, wire_labels
from workflows.moves import changes_of


def mermaid(workflow: Workflow) -> str:
    """The definition as a Mermaid state diagram (stateDiagram-v2), ending with a newline."""
    lines = ["stateDiagram-v2"]
    lines += [
        f'    state "{_mermaid_words(state.label)}" as {state.name}' for state in workflow.states
    ]
    for change in changes_of(workflow):
        ends = ["[*]" if s == workflow.initial.name else s for s in (change.source, change.dest)]
        where = " (where it was)" if change.is_return else ""
        lines.append(f"    {ends[0]} --> {ends[1]} : {_mermaid_words(change.step.label)}{where}")
    closed = ",".join(state.name for state in workflow.states if state.is_closed)
    lines += ["    classDef closed stroke-width:3px", f"    class {closed} closed"]
    return "\n".join(lines) + "\n"


def _mermaid_words(words: str) -> str:
    """Words with everything Mermaid or a page would read as code written as its number."""
    return "".join(f"#{ord(c)};" if c in '"#;:<>&`\n' else c for c in words)


def svg(workflow: Workflow, present: str | None = None) -> str:
    """The definition as an SVG image in its natural size; `present` names the state to mark.

    Ids begin with the workflow's name, so draw each workflow once on a page. Raises KeyError
    when there is no such state.
    """
    if present is not None:
        workflow.states_by_name[present]
    layout = Layout(workflow, present)
    name = f"{workflow.name}-diagram"
    pen: Attributes = {"fill": "none", "stroke": WIRE, "stroke_width": 1.5}
    content = [
        tag("title", plain(f"{workflow.title}: states and steps"), id=f"{name}-title"),
        tag("desc", plain(in_sentences(workflow, present)), id=f"{name}-desc"),
        tag("defs", arrowhead(f"{name}-arrow")),
        tag("rect", width=layout.width, height=layout.height, fill=PAPER),
        tag("g", "".join(forks(layout)), **pen),
        tag("g", "".join(arrows(layout)), marker_end=f"url(#{name}-arrow)", **pen),
        *wire_labels(layout),
        *(drawn_state(box) for box in layout.boxes.values()),
    ]
    return tag(
        "svg",
        "\n".join(content),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {layout.width} {layout.height}",
        width=layout.width,
        height=layout.height,
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        font_family="arial, sans-serif",
        **{"class": "workflow-diagram"},
    )


def in_sentences(workflow: Workflow, present: str | None = None) -> str:
    """What the picture shows, for those who do not see it."""
    known = workflow.states_by_name
    sentences = [f"The case is now “{known[present].label}”."] if present else []
    for state in (workflow.initial, *workflow.states):
        ways = dict.fromkeys(
            f"{'where it was' if change.is_return else known[change.dest].label} "
            f"({change.step.label})"
            for change in changes_of(workflow)
            if change.source == state.name
        )
        if ways:
            sentences.append(f"From “{state.label}” to: {'; '.join(ways)}.")
    return " ".join(sentences)
