"""What no form of ours sends is refused before anything reads it."""

from io import BytesIO
from urllib.parse import urlencode

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from casework.web.incoming import LONGEST_FIELD, MOST_FIELDS, takes_lists
from config import MEGABYTE
from tests import factories

pytestmark = pytest.mark.one_database
PLAIN, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"
PART = b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n%s\r\n--x--\r\n'
MANY = {f"field{n}": "x" for n in range(MOST_FIELDS + 1)}


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"value": "x" * (MEGABYTE + 1)}, PLAIN),
        (PART % (b"x" * MEGABYTE), f"{PARTS}; boundary=x"),
        (MANY, PLAIN),
        (MANY, PARTS),
        ({"value": "x" * LONGEST_FIELD}, PLAIN),
        ({"value": "x" * LONGEST_FIELD}, PARTS),
        ({"x" * LONGEST_FIELD: "x"}, PLAIN),
    ],
    ids=["body", "body in parts", "fields", "parts", "field", "part", "name"],
)
def test_s35_more_than_a_form_may_hold_is_a_413(
    client: FlaskClient, said: dict[str, str] | bytes, kind: str
) -> None:
    answer = client.post("/sign-in", data=said, content_type=kind)
    assert answer.status_code == 413, answer.text
    assert "That is too large" in answer.text and "Nothing was changed" in answer.text
    assert len(answer.text) < 3 * LONGEST_FIELD, "many fields are not given back"


def test_s35_a_form_that_does_not_say_how_long_it_is_is_a_411(client: FlaskClient) -> None:
    """Or the files of the public were counted as a kilobyte, however large they are."""
    answer = client.post(
        "/apply/questions/papers",
        input_stream=BytesIO(PART % (b"x" * MEGABYTE)),
        content_type=f"{PARTS}; boundary=x",
        headers={"Transfer-Encoding": "chunked"},
    )
    assert answer.status_code == 411 and "Nothing was changed" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        *("/sign-in?next=%00", "/sign-in?a%00=b", "/sign-in%00"),
        *("/sign-in?next=%C0%AF", "/sign-in?next=%ED%A0%80", "/sign-in?next=%FF"),
        *("/sign-in?next=/a&next=/b", "/sign-in?next=&next="),
    ],
)
def test_s38_an_address_that_no_browser_makes_is_a_400(client: FlaskClient, path: str) -> None:
    """NUL; UTF-8 that is overlong, of half a pair or of no character; a parameter said twice."""
    assert client.get(path).status_code == 400


@pytest.mark.parametrize("path", ["/cases/\xc0\xaf", "/\xf0\x82\x82\xac", "/cases/\xff"])
def test_s38_nor_is_a_path_read_that_is_no_utf_8(client: FlaskClient, path: str) -> None:
    """As a server hands it over (PEP 3333)."""
    assert client.get("/", environ_overrides={"PATH_INFO": path}).status_code == 400


UNREADABLE = [
    *(b"email=%00", b"e%00=x", b"email=a&email=%00", b"email=\0"),
    *(b"email=%C0%AF", b"email=%ED%A0%80", b"email=%FF", b"email=\xff", b"%C0%80=x"),
    *(b"email=a&email=b", b"password=&password="),
]
IN_PARTS = [b"\0", b"\xc0\xaf", b"\xed\xa0\x80", b"\xff"]


@pytest.fixture
def reading(new_app: Flask) -> FlaskClient:
    """A client of an application whose page /read gives back what came to it; `case` is a list."""
    new_app.config["WTF_CSRF_ENABLED"] = False  # what is refused would be refused for that as well

    @new_app.post("/read")
    @takes_lists("case")
    def read() -> dict[str, list[str]]:
        return dict(request.form.lists())

    return new_app.test_client()


def test_s38_a_form_that_no_browser_sends_is_a_400(reading: FlaskClient) -> None:
    """As words alone, and in parts."""
    for body in UNREADABLE:
        assert reading.post("/read", data=body, content_type=PLAIN).status_code == 400, body
    for value in IN_PARTS:
        answer = reading.post("/read", data=PART % value, content_type=f"{PARTS}; boundary=x")
        assert answer.status_code == 400, value


@pytest.mark.parametrize("kind", [PLAIN, PARTS])
def test_what_people_type_is_taken_to_the_letter(reading: FlaskClient, kind: str) -> None:
    """And lists where a view takes them, or a fact is one."""
    said = {
        "words": ["%C0%AF and %00 were typed, \u202e\U0001f9a9 \x7f\r\n100 %"],
        "case": ["a", "b"],
        "categories": ["A1", "B4"],
        "find_valid_categories": ["A1", "B4"],
        "long": ["ø" * 100_000],
    }
    data = urlencode(said, doseq=True) if kind == PLAIN else said
    assert reading.post("/read?next=/a%20b", data=data, content_type=kind).json == said


def test_s38_a_file_where_words_belong_is_a_400(client: FlaskClient) -> None:
    """A browser sends a file with the field for files alone, and no other could read one."""
    for name in ("email", "password", "effective_on-day"):
        sent = {"email": "ash@office.example", name: (BytesIO(b"zq"), "zq.pdf")}
        assert factories.post(client, "/sign-in", **sent).status_code == 400, name
