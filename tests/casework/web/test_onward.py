"""Where a page may send somebody on to."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.web.onward import safe_onward

OFFICE = "https://casework.office.example/sign-in"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "http://evil.example/cases",
        "HTTPS://evil.example",
        "//evil.example",
        "///evil.example",
        "////evil.example/cases",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r/evil.example",
        "\t//evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "https:evil.example",
        "https:/evil.example",
        "evil.example",
        "//user@evil.example/",
        "//[::1",
        "/cases\x00",
        "/cases\u2028",
        "?next=/cases",
        "#cases",
        "",
        None,
        "/",
        "/sign-in?next=/sign-in",
    ],
)
def test_s30_nowhere_else(target: str | None) -> None:
    """S30; nor to the start page or back to signing in, where there is nothing to come to."""
    assert safe_onward(target) is None


@pytest.mark.parametrize(
    "target", ["/cases", "/cases/c_1/steps/find_valid", "/cases?state=valid&page=2", "/a//b", "/é"]
)
def test_s30_to_pages_of_this_office(target: str) -> None:
    assert safe_onward(target) == target


@given(st.text(st.sampled_from("/\\:@?#.\t\r\n a%5cevil"), max_size=12))
def test_s30_whatever_is_let_through_a_browser_takes_to_this_office(target: str) -> None:
    """The oracle reads as browsers do: tabs and line breaks dropped, backslashes turned."""
    onward = safe_onward(target)
    if onward is not None:
        read = "".join(c for c in onward if c not in "\t\r\n").strip().replace("\\", "/")
        there = urlsplit(urljoin(OFFICE, read))
        assert (there.scheme, there.netloc) == ("https", "casework.office.example")
