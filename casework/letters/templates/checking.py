"""The only place that judges a Word template of the office's own, before it is used.

A template may show placeholders, ask whether they are known, and go through lists. Everything
else that the template language has is refused, so that no template can take for ever.
"""

from collections.abc import Iterator
from difflib import get_close_matches
from io import BytesIO
from zipfile import BadZipFile

from docxtpl import DocxTemplate
from jinja2 import TemplateError, TemplateSyntaxError, meta, nodes

from casework.letters.placeholders import placeholders, sample_facts, unknown_facts
from casework.letters.templates.filling import filled, sandbox

LARGEST_XML = 3_000_000
"""Characters of one part of a template, many times what a letter has."""
_ALWAYS = ("addressee", "written_on", "reference")
_NEEDED = {
    "acknowledgement": ("received_on",),
    "information_request": ("missing", "answer_by"),
    "file_request": ("name",),
    "chaser": ("requested_on",),
    "escalation": ("requested_on",),
    "application_notice": ("received_on",),
    "invalid": ("happened_on", "about_why", "reasons"),
    "forwarded": ("happened_on", "about_why"),
    "forwarding": ("happened_on", "name", "reached_at", "why"),
    "upheld": ("happened_on", "reasons", "recommendations"),
    "not_upheld": ("happened_on", "reasons"),
    "outcome_notice": ("happened_on", "is_upheld", "reasons"),
    "recommendation": ("recommendations", "respond_by"),
    "response_copied": ("recommendations",),
    "reopening": ("happened_on", "about_why"),
}
"""What a letter would not do its work without, beside what every letter needs."""
_MAY = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.Name, nodes.Getattr),
    *(nodes.If, nodes.For, nodes.CondExpr, nodes.Compare, nodes.Operand),
    *(nodes.And, nodes.Or, nodes.Not, nodes.Filter, nodes.Call),
)
_CALLED: dict[type[nodes.Node], str] = {
    **dict.fromkeys((nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.Pow), "a calculation"),
    **dict.fromkeys((nodes.Include, nodes.Import, nodes.Extends), "another file"),
    **dict.fromkeys((nodes.Assign, nodes.Macro, nodes.Block), "a name of its own"),
}
_FILTERS = frozenset({"length", "lower", "upper", "capitalize", "title", "replace"})
_CALLS = frozenset({"to_complete"})
_PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")


def needed(letter: str) -> tuple[str, ...]:
    """The placeholders that a template of this letter must have."""
    return (*_ALWAYS, *_NEEDED.get(letter, ()))


def problems(template: bytes, letter: str) -> tuple[str, ...]:
    """What keeps a Word file from being this letter's template, in sentences; none if it may be.

    The file was looked into: it is a Word document without macros (`casework.files`).
    """
    try:
        parts = list(_parts(DocxTemplate(BytesIO(template))))
    except (BadZipFile, KeyError, ValueError):
        return ("It cannot be read. Open it in Word, save it again as a .docx file, and try that.",)
    if any(len(part) > LARGEST_XML for part in parts):
        return ("It is far longer than a letter. Take away what does not belong to it.",)
    try:
        trees = [sandbox().parse(part) for part in parts]
    except TemplateSyntaxError as error:
        return (f"Its signs cannot be read: {error.message} Check the braces around there.",)
    found = list(dict.fromkeys(_faults(trees, letter)))
    return tuple(found) or tuple(_failures(template))


def _parts(template: DocxTemplate) -> Iterator[str]:
    """Every text of the file in which signs are read, as docxtpl reads it."""
    template.init_docx()
    yield template.patch_xml(template.get_xml())
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for _, part in template.get_headers_footers(uri):
            yield template.patch_xml(template.get_part_xml(part))
    for part in template.docx.part.package.parts:
        if part.content_type.endswith(".footnotes+xml"):
            yield template.patch_xml(part.blob.decode())
    yield from (getattr(template.docx.core_properties, name) for name in _PROPERTIES)


def _faults(trees: list[nodes.Template], letter: str) -> Iterator[str]:
    used = set[str]().union(*(meta.find_undeclared_variables(tree) for tree in trees))
    known = [each.name for each in placeholders()]
    for name in sorted(used - set(known) - _CALLS):
        near = get_close_matches(name, known, n=1)
        meant = f" Did you mean “{near[0]}”?" if near else ""
        yield f"“{name}” is not a placeholder.{meant} The list says what there is."
    for name in needed(letter):
        if name not in used:
            yield f"It does not have “{name}”, which this letter must say."
    for tree in trees:
        yield from _beyond(tree)


def _beyond(tree: nodes.Template) -> Iterator[str]:
    """What the tree has beyond showing, asking and listing."""
    for node in tree.find_all(nodes.Node):
        refusal = _refused(node)
        if refusal:
            yield refusal


def _refused(node: nodes.Node) -> str | None:
    if not isinstance(node, _MAY):
        return (
            "It has signs that do more than show a placeholder, ask whether it is known, or go "
            f"through a list: {_CALLED.get(type(node), 'take them away')}."
        )
    if isinstance(node, nodes.Filter) and node.name not in _FILTERS:
        return f"It uses the filter “{node.name}”. There are: {', '.join(sorted(_FILTERS))}."
    if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        return f"“{node.attr}” is no part of a placeholder."
    if isinstance(node, nodes.Call) and getattr(node.node, "name", "") not in _CALLS:
        return "It calls something. Only to_complete(“what is missing”) can be called."
    if isinstance(node, nodes.For) and not _is_bounded(node):
        return "It goes through something other than one list of placeholders at a time."
    return None


def _is_bounded(loop: nodes.For) -> bool:
    """Whether it goes through one list, with no loop within it."""
    goes_through_a_name = isinstance(loop.iter, nodes.Name) and not loop.recursive
    return goes_through_a_name and loop.find(nodes.For) is None


def _failures(template: bytes) -> Iterator[str]:
    """What goes wrong when it is filled in: for a case that knows everything, and for one that does not."""
    for facts in (sample_facts(), unknown_facts()):
        try:
            filled(template, facts)
        except (TemplateError, TypeError, ValueError, AttributeError, KeyError) as error:
            yield f"It cannot be filled in: {_in_short(error)}"
            return


def _in_short(error: Exception) -> str:
    return str(error).split("\n", 1)[0][:200]
