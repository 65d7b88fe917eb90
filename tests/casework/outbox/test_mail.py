"""What a mail may be made of: nothing typed becomes a header, an address or another mail."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.outbox.mail import Attachment, Mail, MailRefused, address, new_message_id, written

AT = datetime(2026, 4, 3, 12, tzinfo=UTC)
HOSTILE = st.text() | st.sampled_from(
    [
        "Hello\r\nBcc: other@example.org",
        "Hello\nSubject: another",
        "a\x0bb",
        "a\u2028Bcc: other@example.org",
        "=?utf-8?q?=0D=0ABcc:_other@example.org?=",
        "\r\n.\r\nMAIL FROM:<x@example.org>",
        "From the top\n.\n..\nFrom: here",
        "é" * 300,
        '";\r\n filename="x.exe',
        "..\\x.pdf",
    ]
)


@given(subject=HOSTILE, body=HOSTILE, name=HOSTILE)
def test_s28_what_was_typed_arrives_as_it_was_or_is_refused(
    subject: str, body: str, name: str
) -> None:
    body = body.encode("utf-8", "replace").decode()
    try:
        mail = Mail("zoe@example.org", subject, body, (Attachment(name, "0" * 64),))
    except MailRefused:
        fits = (0 < len(line) <= 200 and line.isprintable() for line in (subject, name))
        assert not all(fits) or "=?" in subject + name
        return
    raw = written(mail, "<1@office.example>", "Reviews <r@office.example>", AT, [b"%PDF-"])
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    read = message_from_bytes(raw, policy=default)
    assert sorted(name.lower() for name in read) == [
        "content-type",
        "date",
        "from",
        "message-id",
        "mime-version",
        "subject",
        "to",
    ]
    assert " ".join(read["Subject"].split()) == " ".join(subject.split())
    assert read["To"] == "zoe@example.org"
    words, attached = list(read.iter_parts())
    assert _lines(words.get_content()) == _lines(body)
    assert attached.get_filename() == name
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_content() == b"%PDF-"


def _lines(text: str) -> list[str]:
    return text.rstrip("\n").splitlines()


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "zoe",
        "zoe@example.org, other@example.org",
        "zoe@example.org\r\nBcc: other@example.org",
        "zoe@example.org\n",
        "Zoë <zoe@example.org>",
        "zoë@example.org",
        "zoe@example.org>\r\nRCPT TO:<other@example.org",
        '"zoe other"@example.org',
        "zoe@localhost",
        f"{'z' * 300}@example.org",
    ],
)
def test_s28_anything_but_one_plain_address_is_refused(typed: str) -> None:
    if typed.strip() == "zoe@example.org":
        assert address(typed) == "zoe@example.org"
        return
    with pytest.raises(MailRefused, match="correct format"):
        address(typed)


def test_a_domain_beyond_ascii_is_written_as_mail_servers_know_it() -> None:
    assert address(" zoe@büro.example ") == "zoe@xn--bro-hoa.example"


def test_an_unchecked_address_cannot_be_queued() -> None:
    with pytest.raises(MailRefused, match="checked"):
        Mail("zoe@EXAMPLE.org ", "Letter", "Words")


def test_every_mail_has_a_name_of_its_own_at_the_senders_domain() -> None:
    first, second = new_message_id("R <r@office.example>"), new_message_id("R <r@office.example>")
    assert first != second
    assert first.endswith("@office.example>")
    assert new_message_id(None).endswith("@casework.invalid>")
