"""Reading e-mails: charsets, parts, files, and what is none."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from portal.crm.eml import NotAnEmail, looks_like_source, read_email, text_of_html


def make_email(**fields):
    message = EmailMessage()
    values = {
        "From": "Awa Koné <awa@acme.test>",
        "To": "contact@nourx.test",
        "Subject": "Réunion de lundi",
        "Date": "Fri, 20 Nov 2026 09:30:00 +0000",
        "Message-ID": "<abc-1@acme.test>",
        **fields,
    }
    for name, value in values.items():
        message[name] = value
    message.set_content("Bonjour,\n\nÀ lundi.")
    return message


def test_an_email_gives_its_sender_subject_text_date_and_id():
    read = read_email(make_email().as_bytes())

    assert (read.sender, read.subject) == ("Awa Koné <awa@acme.test>", "Réunion de lundi")
    assert read.body == "Bonjour,\n\nÀ lundi."
    assert read.sent_at == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    assert (read.message_id, read.to) == ("abc-1@acme.test", "contact@nourx.test")


def test_a_text_in_latin_letters_is_read_in_its_charset():
    raw = (
        b"From: a@b.test\r\nSubject: =?iso-8859-1?Q?D=E9lai?=\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\nC'est l'\xe9t\xe9"
    )

    read = read_email(raw)

    assert (read.subject, read.body) == ("Délai", "C'est l'été")


def test_a_charset_that_nobody_knows_is_read_as_near_as_can_be():
    raw = (
        b"From: a@b.test\r\nSubject: x\r\nContent-Type: text/plain; charset=klingon\r\n\r\nBonjour"
    )

    assert read_email(raw).body == "Bonjour"


def test_the_plain_part_goes_before_the_page_and_files_are_kept():
    message = make_email()
    message.add_alternative("<p>Autre</p>", subtype="html")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="../a.pdf")

    read = read_email(message.as_bytes())

    assert read.body == "Bonjour,\n\nÀ lundi."
    assert [(piece.name, piece.content) for piece in read.pieces] == [("a.pdf", b"%PDF-1.7")]


def test_a_page_without_text_gives_its_words_and_none_of_its_scripts():
    html = (
        "<style>p{}</style><p>Bon&nbsp;jour</p><script>alert(1)</script><div>À&amp;B<br>fin</div>"
    )

    assert text_of_html(html) == "Bon jour\nÀ&B\nfin"


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff\xfe" * 50, b"%PDF-1.7 rien", b"Bonjour, voici"]
)
def test_what_is_no_email_is_told(content):
    with pytest.raises(NotAnEmail):
        read_email(content)


@pytest.mark.parametrize("date", ["hier", "Fri, 20 Nov 9999999 09:30:00 +0000", ""])
def test_a_date_that_cannot_be_read_is_none(date):
    raw = b"From: a@b.test\r\nSubject: x\r\nDate: " + date.encode() + b"\r\n\r\nBonjour"

    assert read_email(raw).sent_at is None


def test_a_long_text_is_cut_and_says_so():
    raw = b"From: a@b.test\r\nSubject: x\r\n\r\n" + b"a" * 60_000

    read = read_email(raw)

    assert (len(read.body), read.is_cut) == (50_000, True)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("From: a@b.test\nSubject: x\n\nBonjour", True),
        ("From: a@b.test\r\nTo: c@d.test\r\n\r\nBonjour", True),
        ("Bonjour\nFrom: nous\n\nfin", False),
        ("Note: a\nSuite: b\n\nfin", False),
    ],
)
def test_a_pasted_source_is_told_from_a_text(text, is_one):
    assert looks_like_source(text) is is_one
