"""The only place that says which answers end the right to apply here, why, and what others lead to.

Only what a rule of law or a settled fact of the case ends is an ending. Being late is none: time
may be extended for special circumstances (reg 29(4)), so they are asked for. Having no consent in
writing is none: it can still be given. Nor is any doubt of the applicant's.
"""

from workflows.eligibility_definition import NOT_SURE, TIMING, Ending, Note, Rule, When
from workflows.eligibility_questions import ANOTHER_FORCE, FORCE

SCHEDULE_3 = "Police Reform Act 2002, Schedule 3"
REGULATIONS = "Police (Complaints and Misconduct) Regulations 2020"
_IOPC = (("Ask the IOPC for a review", "https://www.policeconduct.gov.uk"),)
_ASK_IOPC = (
    "Ask the IOPC for the review, on its website or by telephone on 0300\u00a0020\u00a00096.",
    "It has to get your request within 28 days, starting with the day after the police told you "
    "how the complaint ended. If the 28 days are over, ask all the same and say why.",
)
_OLD_RULES = Ending(
    "before_february_2020",
    "Your complaint comes under older rules",
    "A complaint made before 1 February 2020 has an appeal, not a review. This office has no "
    "power to decide an appeal.",
    (
        "The letter about how your complaint ended says who decides the appeal: the police force "
        "or the IOPC.",
        "If you cannot find the letter, ask the police force.",
    ),
    "Policing and Crime Act 2017 (Commencement No. 9 and Transitional Provisions) Regulations "
    "2020 (SI 2020/5)",
)
_REVIEWED = (
    "The law has no second review of the same outcome. A court can be asked to look at the "
    "decision, by “judicial review”. That has a short time limit, so get legal advice soon. "
    "Citizens Advice can help you to find it."
)

RULES = (
    Rule(
        When("outcome_letter", ("still_open",)),
        Ending(
            "no_outcome_yet",
            "You cannot ask for a review yet",
            "A review looks at how the police ended a complaint. They have not ended this one, so "
            "there is nothing to review.",
            (
                "Ask the police force how far it is. Its Professional Standards Department deals "
                "with complaints.",
                "When the complaint ends, the police have to tell you how, and who can review it. "
                "You then have 28 days to ask, starting with the day after they told you.",
            ),
            f"{REGULATIONS}, regulations 29(2) and 33(2)(a)",
        ),
    ),
    Rule(
        When("outcome_letter", ("ended_unwritten", NOT_SURE)),
        Note(
            "no_letter",
            "We will ask the police for their letter about how the complaint ended.",
            f"{REGULATIONS}, regulation 33(2)(a)",
        ),
    ),
    Rule(
        When("whose_complaint", ("neither",)),
        Ending(
            "not_the_complainant",
            "Only the person who complained can ask for a review",
            "You told us that you did not make this complaint, and are not acting for the person "
            "who did.",
            (
                "The person who complained can ask us for the review.",
                "You can ask for them if they agree to it in writing.",
            ),
            f"{SCHEDULE_3}, paragraphs 6A and 25",
        ),
    ),
    Rule(
        When("whose_complaint", ("with_consent",)),
        Note(
            "consent_to_show",
            "Send us a copy of what the person signed. You can add it to this form, or send it "
            "later.",
            f"{SCHEDULE_3}, paragraphs 6A and 25",
        ),
    ),
    Rule(
        When("whose_complaint", ("without_consent",)),
        Note(
            "consent_wanted",
            "We will ask you for the written agreement of the person you act for. You do not "
            "have to wait for it before you send this form.",
            f"{SCHEDULE_3}, paragraphs 6A and 25",
        ),
    ),
    Rule(
        When(FORCE, (ANOTHER_FORCE,)),
        Ending(
            "another_force",
            "Another office reviews complaints about that force",
            "We can only review how the police forces of our own area ended complaints.",
            (
                "The letter from the police says who can review your complaint.",
                "Most areas have a Police and Crime Commissioner, and some have a mayor instead. "
                "Contact them soon: there is a time limit of 28 days. If it is over, ask all the same "
                "and say why.",
            ),
            f"{SCHEDULE_3}, paragraph 30",
            (("Find another Commissioner’s office", "https://www.apccs.police.uk"),),
        ),
    ),
    Rule(
        When(FORCE, (NOT_SURE,)),
        Note(
            "force_unknown",
            "We will find out which police force dealt with the complaint.",
            f"{REGULATIONS}, regulation 29(5) and (6)",
        ),
    ),
    Rule(
        When("outcome_day", (NOT_SURE,)),
        Note(
            "day_unknown",
            "We will ask the police on which day they told you how the complaint ended.",
            f"{REGULATIONS}, regulation 29(5) and (6)",
        ),
    ),
    Rule(
        When("letter_names", ("iopc",)),
        Ending(
            "letter_names_iopc",
            "The IOPC does this review",
            "The letter from the police says that the Independent Office for Police Conduct "
            "(IOPC) can review the complaint. Only one body can do it.",
            _ASK_IOPC,
            f"{SCHEDULE_3}, paragraph 30; {REGULATIONS}, regulation 33(2)(a)",
            _IOPC,
            is_passed_on=True,
        ),
    ),
    Rule(
        When("letter_names", ("nobody", NOT_SURE)),
        Note(
            "review_body_unknown",
            "We will find out whether this office or the IOPC does the review. If it is the "
            "IOPC, we will pass your request on and tell you.",
            f"{SCHEDULE_3}, paragraphs 30 and 32",
        ),
    ),
    Rule(
        When("senior_officer", ("yes",)),
        Ending(
            "senior_officer",
            "The IOPC reviews complaints about senior officers",
            "When any part of a complaint to the police is about a senior officer, the "
            "Independent Office for Police Conduct (IOPC) reviews all of it.",
            _ASK_IOPC,
            f"{SCHEDULE_3}, paragraph 30; {REGULATIONS}, regulation 32",
            _IOPC,
            is_passed_on=True,
        ),
    ),
    Rule(
        When("senior_officer", ("only_new",)),
        Note(
            "new_point",
            "A review can only look at the complaint that you made to the police. About "
            "anything new you can make a new complaint.",
            f"{SCHEDULE_3}, paragraph 30; {REGULATIONS}, regulation 32",
        ),
    ),
    Rule(
        When("senior_officer", (NOT_SURE,)),
        Note(
            "rank_unknown",
            "We will check whether your complaint was about a senior officer. If it was, we "
            "will pass your request on to the IOPC and tell you.",
            f"{SCHEDULE_3}, paragraphs 30 and 32",
        ),
    ),
    Rule(
        When("about_office", ("all",)),
        Ending(
            "not_about_the_police",
            "We cannot review this complaint",
            "A review can only look at how a police force dealt with a complaint about the "
            "police. You told us that nothing in yours was about the police.",
            (
                "For a complaint about the Commissioner or a deputy, contact the Police and Crime "
                "Panel of our area. A council runs it.",
                "For a complaint about our staff or how we work, write to our Chief Executive.",
            ),
            f"{SCHEDULE_3}, paragraphs 6A and 25; Elected Local Policing Bodies (Complaints and "
            "Misconduct) Regulations 2012",
        ),
    ),
    Rule(
        When("about_office", ("part",)),
        Note(
            "part_elsewhere",
            "We cannot review the part about the Commissioner or our office. We will tell you "
            "who deals with it.",
            "Elected Local Policing Bodies (Complaints and Misconduct) Regulations 2012",
        ),
    ),
    Rule(
        When("reviewed_before", ("office",)),
        Ending(
            "reviewed_here",
            "We have already reviewed this complaint",
            "How a complaint ended can be reviewed once. You told us that this office has "
            "done that.",
            (_REVIEWED,),
            f"{SCHEDULE_3}, paragraphs 6A and 25",
        ),
    ),
    Rule(
        When("reviewed_before", ("iopc",)),
        Ending(
            "reviewed_by_iopc",
            "The IOPC has already reviewed this complaint",
            "How a complaint ended can be reviewed once, and only by one body. You told us that "
            "the IOPC has done that.",
            (_REVIEWED,),
            f"{SCHEDULE_3}, paragraphs 6A, 25 and 30",
        ),
    ),
    Rule(When("complaint_day", ("before",)), _OLD_RULES),
    Rule(When("since_2020", ("no",)), _OLD_RULES),
    Rule(
        When("sent_first", ("iopc",)),
        Note(
            "time_at_iopc",
            "The time your request spent with the IOPC does not count against you.",
            f"{REGULATIONS}, regulation 29(3)",
        ),
    ),
    Rule(
        When("sent_first", ("force", "other")),
        Note(
            "time_elsewhere",
            "The day on which we get your request counts, not the day on which somebody else did.",
            f"{REGULATIONS}, regulation 29(2) and (3)",
        ),
    ),
    Rule(
        When(TIMING, ("late",)),
        Note(
            "late",
            "Your request is late by the days you gave. We will read why, decide whether it is "
            "fair to give you more time, and tell you the reasons.",
            f"{REGULATIONS}, regulation 29(4)",
        ),
    ),
)
ENDINGS = {
    (rule.when.question, answer): rule.then
    for rule in RULES
    if isinstance(rule.then, Ending)
    for answer in rule.when.answers
}
"""The endings by question and answer."""
NOTES = {
    (rule.when.question, answer): rule.then
    for rule in RULES
    if isinstance(rule.then, Note)
    for answer in rule.when.answers
}
"""The notes by question and answer."""
