"""The only place for a report on complaint reviews in the form of the Police and Crime Panel.

The panel’s other report in that form, on complaints against the Commissioner, is its secretariat’s
own; nothing here is for it.
"""

from collections.abc import Iterator, Mapping

from casework.counts.narrative import narrative, the_office
from casework.counts.report import Report
from casework.documents import parts
from casework.documents.model import Block, Document, PanelHeader, Section, grid, words
from casework.documents.parts import Field, Standing
from casework.letters.rendering.body import gap, literal
from casework.office_settings import OfficeSettings
from workflows.calendar import in_words

_ABOVE = (
    Field("agenda_item", "Agenda item number", "For example, 5.", is_long=False),
    Field("meeting_on", "Meeting date", "For example, 15 November 2026.", is_long=False),
    Field("report_of", "Report of", "Name, post and body.", is_long=False),
    Field("contact_officer", "Contact officer", "", is_long=False),
    Field("contact_details", "Contact details", "Email address and telephone.", is_long=False),
    Field("title", "Title", "", is_long=False),
)
_TEN = (
    Field("purpose", "Purpose"),
    Field("recommendations", "Recommendations"),
    Field("terms_of_reference", "Terms of reference"),
    Field("background", "Background"),
    Field("key_issues", "Key issues", "The table of the main figures follows these words."),
    Field("implications", "Implications"),
    Field("consultation", "Consultation"),
    Field("next_steps", "Next steps"),
    Field("background_documents", "Background documents"),
    Field("appendices", "Appendices", "All tables, charts and definitions follow."),
)
FIELDS = (*_ABOVE, *_TEN)
"""What people write before it is approved, in the order it is printed."""


def prefilled(report: Report, office: OfficeSettings) -> dict[str, str]:
    """The words with which such a report begins, by the name of the field."""
    return {
        "agenda_item": gap("the number of the agenda item"),
        "meeting_on": gap("the day of the meeting"),
        "report_of": office.report_from or gap("name, post and body"),
        "contact_officer": office.contact_officer or gap("the contact officer"),
        "contact_details": office.contact_officer_details or gap("email address and telephone"),
        "title": "Complaint reviews",
        **_sections_begun(report, the_office(office.office_name)),
    }


def _sections_begun(report: Report, office: str) -> dict[str, str]:
    days = report.whole.period
    period = f"from {in_words(days.from_on)} to {in_words(days.to_on)}"
    return {
        "purpose": f"To update the Panel on the complaint reviews that {office} considered {period}.",
        "recommendations": "That the Panel notes this report.",
        "terms_of_reference": (
            "The Panel exercises its functions with a view to supporting the effective exercise of "
            "the functions of the Commissioner (Police Reform and Social Responsibility Act 2011, "
            "section 28). Reviewing how complaints about the police were handled is one of them."
        ),
        "background": (
            "Whoever is not satisfied with the outcome of a complaint about the police may apply "
            f"for a review. Where the review is not for the IOPC, {office} finds whether the outcome "
            "was reasonable and proportionate (Police Reform Act 2002, Schedule 3, paragraphs 6A "
            "and 25).\n\nThis is the regular report to the Panel on those reviews. Complaints "
            "against the Commissioner are not among them; they are reported separately."
        ),
        "key_issues": literal(narrative(report)),
        "implications": "None.",
        "consultation": "None.",
        "next_steps": "Not applicable.",
        "background_documents": (
            "The record of complaint reviews kept by "
            f"{office}, its first {report.log_size:,} actions, was used to prepare this report "
            "(Local Government (Access to Information) Act 1985)."
        ),
        "appendices": (
            "- Appendix 1: the figures in full\n- Appendix 2: charts\n- Appendix 3: definitions\n"
            "- Appendix 4: how you can know this is right"
        ),
    }


def document(report: Report, typed: Mapping[str, str], standing: Standing) -> Document:
    """The report in the panel’s form, with what people wrote in its fields."""
    return Document(
        title=typed["title"],
        office=report.settings.office_name,
        sections=tuple(_sections(report, typed, standing)),
        foot=parts.foot(report, standing),
        header=PanelHeader(
            report.settings.panel_name,
            *(typed[field.name] for field in _ABOVE if field.name != "title"),
        ),
        mark=standing.mark,
        made_on=standing.made_on,
    )


def _sections(report: Report, typed: Mapping[str, str], standing: Standing) -> Iterator[Section]:
    beside, *in_full = map(grid, parts.all_tables(report))
    shown: dict[str, tuple[Block, ...]] = {"key_issues": (beside,)}
    for field in _TEN:
        blocks = (*words(typed[field.name]), *shown.get(field.name, ()))
        yield Section(field.title, blocks, is_numbered=True)
    appendix = (*in_full, *parts.changes(standing))
    yield Section("Appendix 1: the figures in full", appendix, begins_page=True)
    yield Section("Appendix 2: charts", parts.charts(report).blocks, begins_page=True)
    yield Section("Appendix 3: definitions", tuple(parts.definitions(report)), begins_page=True)
    last = parts.trusted(report, standing)
    yield Section(
        f"Appendix 4: {last.title[0].lower()}{last.title[1:]}", last.blocks, begins_page=True
    )
