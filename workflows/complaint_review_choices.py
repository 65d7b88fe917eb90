"""The only place for the closed codes of a complaint review and the words people read."""

from workflows.categories import CATEGORIES as CATEGORIES
from workflows.definition import Choice

ROUTES = (
    Choice("otherwise", "Otherwise than by investigation", "paragraph 6A"),
    Choice("investigation", "By investigation", "paragraph 25"),
)
CHANNELS = (
    Choice("web", "Web form"),
    Choice("email", "Email"),
    Choice("post", "Post"),
    Choice("telephone", "Telephone"),
    Choice("in_person", "In person"),
    Choice("force", "Through the force"),
    Choice("iopc", "Through the IOPC"),
)
APPLICANTS = (
    Choice("complainant", "The complainant"),
    Choice("representative", "Somebody acting for the complainant"),
    Choice("other", "Somebody else"),
)
KNOWN = (Choice("yes", "Yes"), Choice("no", "No"), Choice("not_known", "Not known"))
FIRST_RECEIVERS = (
    Choice("iopc", "The IOPC", "the day the IOPC received it decides whether it is in time"),
    Choice("force", "The force", "the day this office received it decides"),
    Choice("other", "Another body", "the day this office received it decides"),
)
EXTENTS = (Choice("complete", "The complete file"), Choice("part", "Part of the file"))
WAITING_FOR = (
    Choice("applicant", "The applicant"),
    Choice("force", "The force"),
    Choice("iopc", "The IOPC"),
    Choice("legal", "Legal advice"),
)
NAMED_BODIES = (
    Choice("lpb", "The Commissioner"),
    Choice("iopc", "The IOPC"),
    Choice("not_stated", "Not stated"),
)
LETTER_PARAGRAPHS = (
    Choice("6A", "Paragraph 6A", "handled otherwise than by investigation"),
    Choice("25", "Paragraph 25", "after an investigation"),
    Choice("other", "Another paragraph"),
    Choice("not_stated", "Not stated"),
)
OUTCOME_DAYS = (
    Choice("handed_over", "Handed over, or told in person"),
    Choice("email", "Sent by email"),
    Choice("delivered", "Delivered by post, and the day is known"),
    Choice("posted", "Posted, and the day it arrived is not known"),
    Choice("sent_again", "Sent again, as an earlier letter did not arrive"),
    Choice("letter_date", "Only the date on the letter is known"),
    Choice("applicant_says", "As the applicant says"),
    Choice("force_says", "As the force says"),
)
"""How a day is known on which the outcome was provided."""
REVIEW_BODIES = (Choice("lpb", "The Commissioner"), Choice("iopc", "The IOPC"))
INVALID_REASONS = (
    Choice("no_outcome_letter", "There is no outcome letter yet"),
    Choice("handling_unfinished", "The force has not finished handling the complaint"),
    Choice("out_of_time", "Out of time, and time was not extended"),
    Choice("not_schedule_3", "The complaint was not handled under Schedule 3"),
    Choice("not_eligible", "The applicant is not eligible to apply"),
    Choice("already_reviewed", "The outcome has already been reviewed"),
    Choice("directed_or_independent", "A directed or independent investigation"),
    Choice("accelerated_procedure", "Accelerated procedure"),
    Choice("before_february_2020", "The complaint was made before February 2020"),
    Choice("other_body", "Another body must decide it"),
    Choice("not_a_review", "It is not an application for a review"),
    Choice("incomplete", "Asked for consent or papers, and not answered"),
    Choice("other", "Another reason"),
)
LIMBS = (
    Choice("senior_officer", "About a senior officer", "above chief superintendent; limb (a)"),
    Choice(
        "proceedings_or_article_2_or_3",
        "Proceedings, or Article 2 or 3, could not be ruled out",
        "from the complaint alone; limb (b)",
    ),
    Choice("referred", "It was or must be referred to the IOPC", "limb (c)"),
    Choice("treated_as_referred", "It is treated as referred", "limb (d)"),
    Choice("same_incident", "It arises from the same incident as one of these", "limb (e)"),
    Choice("part_caught", "A part of it is caught", "limb (f)"),
    Choice("lpb_is_authority", "The Commissioner is the appropriate authority"),
)
EXTRA_TIME = (
    Choice("extended", "Extend the time", "special circumstances make it just (reg 29(4))"),
    Choice("refused", "Do not extend the time", "the application is then out of time"),
)
CONTENT = (
    Choice("in_writing", "The application in writing"),
    Choice("complaint", "What the complaint was about"),
    Choice("complaint_made_on", "The day of the complaint to the force"),
    Choice("force", "The force"),
    Choice("outcome_provided_on", "The day the outcome was provided"),
    Choice("outcome_letter", "A copy of the outcome letter"),
    Choice("consent", "The complainant’s written consent"),
    Choice("identity", "Who the applicant is"),
    Choice("circumstances", "Why the application was not made in time"),
    Choice("other", "Something else"),
)
"""What an applicant may be asked for: the content of reg 29(5), then what practice needs."""
FINDINGS = (
    Choice("reasonable", "Yes: reasonable and proportionate", "the review would not be upheld"),
    Choice("not_reasonable", "No: not reasonable and proportionate", "it would be upheld"),
)
RECOMMENDATIONS = (
    Choice("refer_to_iopc", "Refer the complaint to the IOPC", "only if not referred before"),
    Choice("investigate", "Investigate", "only where it was handled otherwise"),
    Choice("reinvestigate", "Investigate again", "only after an investigation"),
    Choice(
        "case_to_answer",
        "Case to answer, or proceedings to be brought",
        "only after an investigation",
    ),
    Choice("performance", "Performance is unsatisfactory", "only after an investigation"),
    Choice("apology", "Apology", "remedy under para 28ZA"),
    Choice("return_property", "Return of seized property", "remedy under para 28ZA"),
    Choice("reflective_practice", "Reflective practice", "remedy under para 28ZA"),
    Choice("other_remedy", "Another remedy, not compensation", "remedy under para 28ZA"),
    Choice(
        "notify_dpp",
        "Notify the Director of Public Prosecutions",
        "only after an investigation; a duty, not tied to upholding",
    ),
)
DUTIES = RECOMMENDATIONS[-1:]
CHECKS = (
    Choice("papers_read", "I have read the papers that matter"),
    Choice("interested_persons", "Everybody who must be told is known"),
    Choice("reasons_complete", "The reasons answer each point the applicant made"),
    Choice("disclosure", "Nothing in the reasons tells what must not be disclosed"),
)
"""Practice of offices, not law: ticked by whoever decides, and kept."""
RESPONSES = (
    Choice("accepted", "Accepted"),
    Choice("partly_accepted", "Partly accepted"),
    Choice("rejected", "Rejected"),
    Choice("unknown", "Not known"),
)
TOLD = (
    Choice("complainant", "The complainant"),
    Choice("appropriate_authority", "The appropriate authority"),
    Choice("interested_persons", "Every interested person"),
    Choice("person_complained_against", "The person complained against"),
    Choice("iopc", "The IOPC", "with the application, where it was forwarded"),
)
WITHDRAWALS = (
    Choice("application", "The application for a review", "get it in writing"),
    Choice(
        "complaint",
        "The complaint itself",
        "signed and sent to the force, which decides what follows (regs 38 and 39)",
    ),
)
REOPEN_REASONS = (
    Choice("quashed", "The decision was quashed on judicial review"),
    Choice("conceded", "The office conceded that it cannot stand"),
    Choice("own_error", "The office’s own error"),
    Choice("returned_by_iopc", "The IOPC sent it back", "after forwarding only"),
    Choice("new_information", "New information"),
    Choice("withdrawal_retracted", "The withdrawal was taken back", "after a withdrawal only"),
)
