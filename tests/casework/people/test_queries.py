"""What happened to an account, against the published list of what the log says."""

from casework.people.queries import ABOUT
from tests.casework.audit.test_document import table


def test_all_that_the_log_says_about_a_person_is_on_the_page_of_their_account() -> None:
    """A delegation has a page of its own."""
    said = {row[0].strip("`") for row in table("others") if "`person`" in row[1].split()}
    assert set(ABOUT) == said - {"delegation_made", "delegation_ended"}
