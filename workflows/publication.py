"""The only place for the life of a published report: drafted, approved, published, by different people.

It belongs to the office and to no case. Its figures are fixed when it is drafted; its words may
change until it is approved, and an approval binds exactly what the approver saw. Once published it
stays as it is; the Chief Executive may have it counted again and countersign it.
"""

from pathlib import Path

from workflows.definition import (
    STAYS,
    Choice,
    Fact,
    Guard,
    Refusal,
    Situation,
    State,
    Step,
    Workflow,
)
from workflows.roles import CHIEF_EXECUTIVE, STAFF

DRAFT, APPROVED, PUBLISHED, DROPPED = "draft", "approved", "published", "dropped"
SELF_ASSESSMENT = "self_assessment"
KINDS = (
    Choice("annual", "Annual report", "a financial year with its quarters"),
    Choice("period", "Report of a quarter or other days", "any whole days"),
    Choice("panel", "Report to the Police and Crime Panel", "in the panel’s own form"),
    Choice(SELF_ASSESSMENT, "Self-assessment", "Specified Information Order, paragraph 7C(b)"),
)
CHANGED, SENT_BACK = "changed", "sent_back"
WHY = (
    Choice(CHANGED, "Its words or figures were changed after it was approved"),
    Choice(SENT_BACK, "Somebody sent it back"),
)
FORMATS = ("pdf", "docx", "ods", "html", "csv", "text", "json")
"""What a report is published as, by the codes under which the log holds each file’s SHA-256.

The PDF is missing where the installation cannot make any.
"""


def _is_not_own(situation: Situation) -> Refusal | None:
    drafted = situation.before.last(DRAFT_REPORT.name)
    writers = {drafted.actor if drafted else None, *situation.entry.facts.get("written_by", ())}
    if situation.actor is None or situation.actor.token not in writers:
        return None
    return Refusal(
        "You drafted this report or wrote some of its words, so somebody else approves it; or a "
        "colleague drafts the report anew and writes all its words."
    )


def _is_not_own_approval(situation: Situation) -> Refusal | None:
    approved = situation.before.last(APPROVE.name)
    if situation.actor is None or approved is None or approved.actor != situation.actor.token:
        return None
    return Refusal("You approved this report, so somebody else publishes it.")


def _is_as_approved(situation: Situation) -> Refusal | None:
    approved, content = situation.before.last(APPROVE.name), situation.entry.facts.get("content")
    if content is None or (approved and approved.facts.get("content") == content):
        return None
    return Refusal(
        "These are not the words and figures that were approved: the record of the approval names "
        "others, so somebody changed them past this software. Nothing was published. Tell the "
        "administrator; then read the report again, send it back and have it approved anew."
    )


def _says_why(situation: Situation) -> Refusal | None:
    if situation.value("why") == CHANGED or situation.texts.get("reason"):
        return None
    return Refusal("Enter why it goes back, for those who drafted it.", "reason")


def _is_not_countersigned(situation: Situation) -> Refusal | None:
    if situation.before.last(COUNTERSIGN.name) is None:
        return None
    return Refusal("This report was countersigned already. Nothing was recorded.")


def _is_as_published(situation: Situation) -> Refusal | None:
    published, figures = situation.before.last(PUBLISH.name), situation.entry.facts.get("figures")
    if figures is None or (published and published.facts.get("figures") == figures):
        return None
    return Refusal(
        "Counted again, this report has other figures than those published, so it cannot be "
        "countersigned. Nothing was recorded. Ask the administrator to run “casework audit verify”."
    )


DRAFT_REPORT = Step(
    "draft_report",
    "Draft the report",
    "report_drafted",
    "Report drafted",
    (("not_begun", DRAFT), (DRAFT, STAYS), (APPROVED, DRAFT)),
    STAFF,
    facts=(
        Fact("kind", "choice", "Kind of report", required=True, choices=KINDS),
        Fact("from_on", "day", "First day", required=True),
        Fact("to_on", "day", "Last day", required=True, is_ahead=True),
        Fact("status_on", "day", "Status day", required=True),
    ),
)
APPROVE = Step(
    "approve_report",
    "Approve the report",
    "report_approved",
    "Report approved",
    ((DRAFT, APPROVED),),
    (CHIEF_EXECUTIVE,),
    facts=(
        Fact("content", "file", "What is approved", required=True),
        Fact("written_by", "choices", "Who wrote its words", choices="people"),
    ),
    guards=(
        Guard(
            "not_own",
            "Nobody approves a report that they drafted or wrote words of.",
            _is_not_own,
            about="who",
        ),
    ),
)
RETURN = Step(
    "return_report",
    "Send the report back",
    "report_returned",
    "Report sent back",
    ((DRAFT, STAYS), (APPROVED, DRAFT)),
    STAFF,
    facts=(
        Fact("why", "choice", "Why it goes back", required=True, choices=WHY),
        Fact("reason", "text", "What is to be changed", is_long=True),
    ),
    guards=(
        Guard(
            "says_why",
            "Whoever sends a report back says what is to be changed.",
            _says_why,
            about="judgement",
        ),
    ),
)
PUBLISH = Step(
    "publish_report",
    "Publish the report",
    "report_published",
    "Report published",
    ((APPROVED, PUBLISHED),),
    STAFF,
    facts=(
        Fact("number", "number", "Number in the year", required=True),
        Fact("content", "file", "What is approved", required=True),
        *(
            Fact(form, "file", f"Published file, {form}", required=form != "pdf")
            for form in FORMATS
        ),
    ),
    guards=(
        Guard(
            "not_own_approval",
            "Nobody publishes a report that they approved.",
            _is_not_own_approval,
            about="who",
        ),
        Guard(
            "as_approved",
            "Exactly what was approved is published, no other word or figure.",
            _is_as_approved,
        ),
    ),
)
COUNTERSIGN = Step(
    "countersign_report",
    "Countersign the report",
    "report_countersigned",
    "Report recounted and countersigned",
    ((PUBLISHED, STAYS),),
    (CHIEF_EXECUTIVE,),
    facts=(Fact("figures", "file", "Figures as counted again", required=True),),
    guards=(
        Guard(
            "not_countersigned",
            "A report is countersigned once.",
            _is_not_countersigned,
            about="case",
        ),
        Guard(
            "as_published",
            "A report is countersigned only if it was counted again and its figures are those published.",
            _is_as_published,
        ),
    ),
)
DROP = Step(
    "drop_report",
    "Drop the report",
    "report_dropped",
    "Report dropped",
    ((DRAFT, DROPPED), (APPROVED, DROPPED)),
    STAFF,
    facts=(Fact("reason", "text", "Why it is dropped", required=True, is_long=True),),
)

PUBLICATION = Workflow(
    name="publication",
    title="Published report",
    version="1",
    initial=State("not_begun", "Not begun"),
    states=(
        State(DRAFT, "Draft", colour="blue"),
        State(APPROVED, "Approved", colour="yellow"),
        State(PUBLISHED, "Published", is_closed=True, colour="green"),
        State(DROPPED, "Dropped", is_closed=True),
    ),
    steps=(DRAFT_REPORT, APPROVE, RETURN, PUBLISH, COUNTERSIGN, DROP),
    sources=(Path(__file__),),
    noun="report",
)
