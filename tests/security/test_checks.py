"""The page of security checks says of each by which tests it is made, and none is without."""

from tools.make_checks_table import PAGE, ROW, checking, numbers, with_tests


def test_the_page_names_the_tests_that_there_are() -> None:
    page = PAGE.read_text()
    assert with_tests(page) == page, "Run: python -m tools.make_checks_table"


def test_every_check_is_on_the_page_once_and_made_by_a_test() -> None:
    page = PAGE.read_text()
    there = numbers(page)
    assert there == sorted(set(there))
    assert {number for number, *_ in checking()} <= set(there)
    assert [found[1] for found in ROW.finditer(page) if not found[3]] == []
