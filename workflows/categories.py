"""The only place for the national allegation categories (reference data, version 2020).

Letters are the national ones; there is no I. Sub-names are to be checked by each office.
"""

from workflows.definition import Choice

LETTERS = {
    "A": "Delivery of duties and service",
    "B": "Police powers, policies and procedures",
    "C": "Handling of or damage to property or premises",
    "D": "Access to and/or disclosure of information",
    "E": "Use of police vehicles",
    "F": "Discriminatory behaviour",
    "G": "Abuse of position or corruption",
    "H": "Individual behaviours",
    "J": "Sexual conduct",
    "K": "Discreditable conduct",
    "L": "Other",
}

_NAMES = {
    "A": (
        "Police action following contact",
        "Decisions",
        "Information",
        "General level of service",
    ),
    "B": (
        "Stops, and stop and search",
        "Searches of premises and seizure of property",
        "Power to arrest and detain",
        "Use of force",
        "Detention in police custody",
        "Bail, identification and interview procedures",
        "Evidential procedures",
        "Out of court disposals",
        "Other policies and procedures",
    ),
    "D": (
        "Use of police systems",
        "Disclosure",
        "Handling",
        "Accessing or handling from other sources",
    ),
    "F": (
        "Age",
        "Disability",
        "Gender reassignment",
        "Pregnancy and maternity",
        "Marriage and civil partnership",
        "Race",
        "Religion or belief",
        "Sex",
        "Sexual orientation",
        "Other",
    ),
    "G": ("", "", "", "", "", ""),
    "H": (
        "Impolite language or tone",
        "Impolite and intolerant actions",
        "Unprofessional attitude and disrespect",
        "Lack of fairness and impartiality",
        "Overbearing or harassing behaviours",
    ),
}


def _choices() -> tuple[Choice, ...]:
    found = []
    for letter, label in LETTERS.items():
        found.append(Choice(letter, f"{letter} {label}"))
        for number, name in enumerate(_NAMES.get(letter, ()), start=1):
            found.append(Choice(f"{letter}{number}", f"{letter}{number} {name or label}"))
    return tuple(found)


CATEGORIES = _choices()
