"""The only place for what the public form asks to see who may apply here, in order."""

from datetime import date

from workflows.eligibility_definition import NOT_SURE, TIMING, Option, Question, When

UNSURE = Option(NOT_SURE, "I am not sure")
NEW_RULES_ON = date(2020, 2, 1)
"""Complaints made before this day have an appeal under the rules of then, not a review."""
FORCE, ANOTHER_FORCE = "force", "another"

QUESTIONS = (
    Question(
        "outcome_letter",
        "Have the police said in writing how the complaint ended?",
        "This is usually a letter or an email, called an outcome letter. It does not matter if "
        "you cannot find it now.",
        "choice",
        (
            Option("yes", "Yes"),
            Option("still_open", "No, they are still dealing with the complaint"),
            Option("ended_unwritten", "No, but I know that they have finished"),
            UNSURE,
        ),
    ),
    Question(
        "whose_complaint",
        "Whose complaint was it?",
        "You can ask for somebody else, for example your child, a friend or a client. They have "
        "to agree to it in writing.",
        "choice",
        (
            Option("own", "It was my complaint", fact="complainant"),
            Option(
                "with_consent",
                "I am acting for the person who complained, and they agreed in writing",
                fact="representative",
            ),
            Option(
                "without_consent",
                "I am acting for the person who complained, but have nothing in writing yet",
                fact="representative",
            ),
            Option("neither", "I did not complain, and I am not acting for the person who did"),
            UNSURE,
        ),
        fact="applicant",
    ),
    Question(
        FORCE,
        "Which police force dealt with the complaint?",
        "It is the force that wrote to you about how the complaint ended.",
        "choice",
        (Option(ANOTHER_FORCE, "Another police force"), UNSURE),
        fact="force",
    ),
    Question(
        "outcome_day",
        "When did the police tell you how the complaint ended?",
        "Give the day on which their letter or email arrived, not the date written on it.",
        "day",
        fact="outcome_provided_on",
    ),
    Question(
        "letter_names",
        "Who does the letter say can review the complaint?",
        "Look near the end of the letter, for the words “review” or “relevant review body”.",
        "choice",
        (
            Option("office", "The Police and Crime Commissioner, or this office", fact="lpb"),
            Option("iopc", "The Independent Office for Police Conduct (IOPC)", fact="iopc"),
            Option("nobody", "It does not say", fact="not_stated"),
            UNSURE,
        ),
        asked_when=When("outcome_letter", ("yes",)),
        fact="review_body_letter",
    ),
    Question(
        "senior_officer",
        "Was the complaint to the police about a senior officer?",
        "Senior officers are assistant chief constables, deputy chief constables and chief "
        "constables, and in London commanders and above. Think of the complaint as the police "
        "got it, not of anything you want to add now.",
        "choice",
        (
            Option("yes", "Yes, or a part of it was", fact="yes"),
            Option("no", "No", fact="no"),
            Option("only_new", "No, but something that I want to add now is", fact="no"),
            Option(NOT_SURE, UNSURE.label, fact="not_known"),
        ),
        fact="about_senior_officer",
    ),
    Question(
        "about_office",
        "Was the complaint about the Commissioner, or about people who work in this office?",
        "The Commissioner is elected to oversee the police, and is not a police officer.",
        "choice",
        (
            Option("no", "No, it was about the police"),
            Option("part", "A part of it was"),
            Option("all", "All of it was: nothing in it was about the police"),
            UNSURE,
        ),
    ),
    Question(
        "reviewed_before",
        "Has this office or the IOPC already reviewed how the complaint ended?",
        "Answer “no” if you asked for a review and have no decision, or if the police dealt with "
        "the complaint again after a review and sent you a new letter.",
        "choice",
        (
            Option("no", "No", fact="no"),
            Option("office", "Yes, this office has", fact="yes"),
            Option("iopc", "Yes, the IOPC has", fact="yes"),
            Option(NOT_SURE, UNSURE.label, fact="not_known"),
        ),
        fact="reviewed_before",
    ),
    Question(
        "complaint_day",
        "When was the complaint made to the police?",
        "The letter may give this day.",
        "day",
        fact="complaint_made_on",
        cut_on=NEW_RULES_ON,
    ),
    Question(
        "since_2020",
        "Was the complaint made on or after 1 February 2020?",
        "The rules changed on that day.",
        "choice",
        (Option("yes", "Yes"), Option("no", "No, it was made earlier"), UNSURE),
        asked_when=When("complaint_day", (NOT_SURE,)),
    ),
    Question(
        "sent_first",
        "Have you already sent this request to somebody else?",
        "If it went to the IOPC by mistake, the time it spent there does not count against you.",
        "choice",
        (
            Option("no", "No"),
            Option("iopc", "Yes, to the IOPC", fact="iopc"),
            Option("force", "Yes, to the police", fact="force"),
            Option("other", "Yes, to somebody else", fact="other"),
            UNSURE,
        ),
        fact="first_received_by",
    ),
    Question(
        "sent_first_on",
        "When did they get it?",
        "For an email or an online form, give the day you sent it.",
        "day",
        asked_when=When("sent_first", ("iopc", "force", "other")),
        fact="first_received_on",
    ),
    Question(
        "why_late",
        "Why could you not ask sooner?",
        "You have 28 days to ask for a review. We can give more time if there is a good reason, "
        "for example if you were ill or the letter went to an old address. Tell us what "
        "happened, and when.",
        "words",
        asked_when=When(TIMING, ("late",)),
        fact="why_late",
    ),
)
BY_CODE = {question.code: question for question in QUESTIONS}
