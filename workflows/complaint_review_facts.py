"""The only place for the facts a complaint review asks for: labels, hints and kinds."""

from dataclasses import replace

from workflows import complaint_review_choices as choices
from workflows.definition import Fact

_BODY = "Relevant review body (para 30, reg 32)"
_LIMBS = "The test, limb by limb: the complaint as it was made to the force"

REASONS = Fact("reasons", "text", "Reasons", required=True, is_long=True)
NOTE = Fact("note", "text", "Note", is_long=True)
ROUTE = Fact(
    "route",
    "choice",
    "How the force handled the complaint",
    "The route decides what may be recommended.",
    choices=choices.ROUTES,
    is_counted=True,
)
PROVIDED_ON = Fact(
    "outcome_provided_on",
    "day",
    "Day the outcome was provided to the complainant",
    "The 28 days run from the day after this one (reg 29(2)).",
)
CATEGORIES = Fact(
    "categories",
    "choices",
    "Allegation categories",
    "As the force recorded them. Choose all that apply.",
    choices=choices.CATEGORIES,
    is_counted=True,
)
REVIEW_BODY = (
    Fact(
        "review_body_letter",
        "choice",
        "Review body named in the outcome letter",
        choices=choices.NAMED_BODIES,
        section=_BODY,
    ),
    Fact(
        "review_body_psd",
        "choice",
        "Review body confirmed by Professional Standards",
        choices=choices.NAMED_BODIES,
        section=_BODY,
    ),
    Fact(
        "review_body",
        "choice",
        "The office’s own finding on the review body",
        "One limb of the test sends the whole case to the IOPC.",
        choices=choices.REVIEW_BODIES,
        section=_BODY,
    ),
)
LETTER_PARAGRAPH = Fact(
    "letter_paragraph",
    "choice",
    "Paragraph of Schedule 3 named in the outcome letter",
    "The letter has to say which body reviews it, and under which paragraph (reg 33(2)(a)).",
    choices=choices.LETTER_PARAGRAPHS,
    section=_BODY,
)
LIMBS = tuple(
    Fact(
        f"limb_{limb.code}",
        "choice",
        limb.label,
        limb.hint,
        choices=choices.KNOWN,
        section=_LIMBS,
    )
    for limb in choices.LIMBS
)
"""The statutory test, limb by limb: one that is met sends the whole case to the IOPC."""
OUTCOME_DAY_BASIS = Fact(
    "outcome_day_basis",
    "choice",
    "How that day is known",
    required=True,
    choices=choices.OUTCOME_DAYS,
)
TIME_EXTENDED = Fact(
    "time_extended",
    "flag",
    "Special circumstances made it just to extend the 28 days",
    "As an old register tells it (reg 29(4)).",
    is_for_import=True,
    is_counted=True,
)
EXTRA_TIME = Fact(
    "extra_time",
    "choice",
    "Is it just to extend the time?",
    "Only because of the special circumstances of the case (reg 29(4)).",
    required=True,
    choices=choices.EXTRA_TIME,
    is_counted=True,
)
SPECIAL_CIRCUMSTANCES = Fact(
    "special_circumstances",
    "text",
    "Special circumstances: what was considered, and why it is or is not just",
    "The applicant is told this.",
    required=True,
    is_long=True,
)
ASKED_FOR = Fact(
    "asked_for",
    "choices",
    "What the applicant was asked for",
    "Only where the office waits for the applicant.",
    choices=choices.CONTENT,
)
ANSWER_BY = Fact("answer_by", "day", "Day by which an answer was asked for", is_ahead=True)

_PERSON, _COMPLAINT, _ARRIVAL = "The complainant", "The complaint", "The application"
APPLICATION = (
    Fact("complainant_name", "text", "Name", section=_PERSON),
    Fact("complainant_email", "text", "Email address", section=_PERSON),
    Fact("complainant_telephone", "text", "Telephone number", section=_PERSON),
    Fact("complainant_address", "text", "Address", is_long=True, section=_PERSON),
    Fact("applicant", "choice", "Who applies", choices=choices.APPLICANTS, section=_PERSON),
    Fact(
        "force",
        "choice",
        "Police force",
        choices="forces",
        is_counted=True,
        section=_COMPLAINT,
    ),
    Fact("force_reference", "text", "The force’s complaint reference", section=_COMPLAINT),
    Fact(
        "complaint",
        "text",
        "What the complaint was about",
        "As it was made to the force.",
        is_long=True,
        section=_COMPLAINT,
    ),
    Fact("complaint_made_on", "day", "Day of the complaint to the force", section=_COMPLAINT),
    Fact("letter_dated_on", "day", "Date on the outcome letter", section=_COMPLAINT),
    replace(PROVIDED_ON, section=_COMPLAINT),
    replace(REVIEW_BODY[0], section=_COMPLAINT),
    Fact(
        "about_senior_officer",
        "choice",
        "Was the complaint to the force about a senior officer?",
        "Above chief superintendent. New points in the application do not count.",
        choices=choices.KNOWN,
        section=_COMPLAINT,
    ),
    Fact(
        "reviewed_before",
        "choice",
        "Has the outcome been reviewed before?",
        choices=choices.KNOWN,
        section=_COMPLAINT,
    ),
    replace(ROUTE, section=_COMPLAINT),
    replace(CATEGORIES, section=_COMPLAINT),
    Fact(
        "channel", "choice", "How it reached the office", choices=choices.CHANNELS, section=_ARRIVAL
    ),
    Fact(
        "first_received_by",
        "choice",
        "Who received it first, if not this office",
        "Only time with the IOPC is left out of the 28 days (reg 29(3)).",
        choices=choices.FIRST_RECEIVERS,
        section=_ARRIVAL,
    ),
    Fact("first_received_on", "day", "Day they received it", section=_ARRIVAL),
    Fact(
        "grounds",
        "text",
        "What the complainant says is wrong with the outcome",
        "Not required by law.",
        is_long=True,
        section=_ARRIVAL,
    ),
    Fact(
        "why_late",
        "text",
        "If it is late: why, as the applicant says",
        is_long=True,
        section=_ARRIVAL,
    ),
)

ESCALATED_TO = Fact(
    "escalated_to", "text", "To whom", "Somebody by name or post, and their body.", required=True
)
EXTENT = Fact(
    "extent",
    "choice",
    "What was received",
    required=True,
    choices=choices.EXTENTS,
    is_counted=True,
)
WAITING_FOR = Fact(
    "waiting_for",
    "choice",
    "Who the office is waiting for",
    required=True,
    choices=choices.WAITING_FOR,
    is_counted=True,
)
ASSIGNEE = Fact("assignee", "choice", "Who will work on it", required=True, choices="people")
INVALID_REASON = Fact(
    "reason",
    "choice",
    "Why it is invalid",
    required=True,
    choices=choices.INVALID_REASONS,
    stat="invalid_reason",
    is_counted=True,
)
LIMB = Fact(
    "limb",
    "choice",
    "Why the IOPC is the relevant review body",
    "The complaint as made to the force decides, not the application (para 30, reg 32).",
    required=True,
    choices=choices.LIMBS,
)
FINDING = Fact(
    "finding",
    "choice",
    "Was the outcome reasonable and proportionate?",
    "The only test on a review. It is not a re-investigation.",
    required=True,
    choices=choices.FINDINGS,
)
PROPOSED = Fact(
    "proposed",
    "choices",
    "Recommendations proposed",
    "Only what the route allows. Compensation cannot be recommended.",
    choices=choices.RECOMMENDATIONS,
)
PROPOSALS = Fact(
    "proposals",
    "text",
    "What exactly is proposed",
    "Each recommendation in the words in which it should be made.",
    is_long=True,
)
CHECKED = Fact("checked", "choices", "Checked before deciding", choices=choices.CHECKS)
COMMENTS = Fact("comments", "text", "What needs more work", required=True, is_long=True)
RECOMMENDATIONS = Fact(
    "recommendations",
    "choices",
    "Recommendations to the force",
    "Only what the route allows (paras 6A(6) and 25(4E)). Compensation cannot be recommended.",
    choices=choices.RECOMMENDATIONS,
)
DUTIES = Fact(
    "recommendations",
    "choices",
    "Duty that does not depend on upholding",
    "Only after an investigation whose report indicates an offence (para 25(4F), (4G)(b)).",
    choices=choices.DUTIES,
)
RESPONSES = Fact(
    "responses",
    "choices",
    "Responses to the recommendations",
    choices=choices.RESPONSES,
    is_for_import=True,
)
OBSERVATIONS = Fact(
    "observations",
    "number",
    "Number of oversight or learning points fed back",
    "Not recommendations; counted beside them.",
    is_counted=True,
)
TOLD = Fact(
    "told",
    "choices",
    "Who was told",
    "The outcome and the reasons go to all of them.",
    choices=choices.TOLD,
)
NOT_TOLD = Fact("not_told", "text", "Who was not told, and why", is_long=True)
WITHDRAWAL_OF = Fact(
    "withdrawal_of",
    "choice",
    "What was withdrawn",
    required=True,
    choices=choices.WITHDRAWALS,
)
IN_WRITING = Fact("is_in_writing", "flag", "The withdrawal is in writing and on file")
REOPEN_REASON = Fact(
    "reason",
    "choice",
    "Why the case is reopened",
    required=True,
    choices=choices.REOPEN_REASONS,
    stat="reopen_reason",
    is_counted=True,
)
EXPLANATION = Fact("explanation", "text", "What happened", is_long=True)
