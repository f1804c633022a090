"""Messages written to stop us, or to pass for somebody: each is read, refused or left to us."""

import pytest
from django.urls import reverse

from portal.crm.eml import NotAnEmail, read_email, text_of_html
from portal.inbox.headers import is_verified, recipients_of
from portal.inbox.models import IncomingMail
from tests.portal.inbox import corpus

State = IncomingMail.State
HEAD = b"From: awa@acme.test\r\nSubject: Panne\r\nMessage-ID: <x@acme.test>\r\n"


@pytest.mark.parametrize(
    "results",
    [
        "spf=softfail smtp.mailfrom=dmarc=pass@mechant.test; dmarc=fail header.from=acme.test",
        'spf=pass smtp.mailfrom="a header.from=acme.test b"@mechant.test',
        'spf=pass smtp.mailfrom="a; dmarc=pass b"@mechant.test',
        "spf=fail (domain of a; dmarc=pass header.from=acme.test) smtp.mailfrom=mechant.test",
        "spf=pass smtp.mailfrom=header.from=acme.test@mechant.test",
        "spf=pass header.from=acme.test smtp.mailfrom=mechant.test",
        "dkim=pass header.d=mechant.test header.from=acme.test",
        "spf=fail (a (b; dmarc=pass header.from=acme.test",
    ],
)
def test_words_of_the_sender_within_the_results_prove_nothing(results):
    message = corpus.letter(results=f"{corpus.TRUSTED}; {results}")

    assert not is_verified(message, corpus.TRUSTED)


@pytest.mark.parametrize(
    "results",
    [
        "spf=pass (mx: domain of awa@acme.test designates 1.2.3.4) smtp.mailfrom=awa@acme.test",
        "spf=none; dkim=pass header.i=@acme.test header.s=s1",
        "dkim=fail; dmarc=pass (p=REJECT sp=REJECT) header.from=acme.test",
    ],
)
def test_results_are_read_among_remarks_of_the_server(results):
    assert is_verified(corpus.letter(results=f"{corpus.TRUSTED}; {results}"), corpus.TRUSTED)


@pytest.mark.parametrize("to", [b"a@[", b'"', b"a:b@", b"=?utf-8?q?=0A?= <a@b>", b'.:"', b"\x00"])
def test_headers_that_cannot_be_taken_apart_hold_nothing_up(to, arrives, awa):
    mail = arrives(HEAD + b"To: " + to + b"\r\nReferences: <\x00@a>\r\n\r\nRien ne marche.\r\n")

    assert (mail.state, mail.sender, mail.subject) == (State.HELD, "awa@acme.test", "Panne")


def test_recipients_are_found_beside_a_broken_header():
    message = corpus.letter(to="support@nourx.test")

    assert recipients_of(message) == ["support@nourx.test"]


def test_a_bounce_that_says_too_much_is_noted(arrives):
    raw = corpus.bounce("inconnu@nourx.test", "vieux@acme.test")

    mail = arrives(raw.replace(b"User unknown", b"User \x00unknown" + b"x" * 2000))

    assert mail.state == State.BOUNCE


def test_a_file_called_as_a_folder_is_kept_under_another_name():
    message = corpus.joined(corpus.letter(), ("..", b"contenu"))

    assert [piece.name for piece in read_email(message.as_bytes()).pieces] == ["fichier"]


def test_parts_within_parts_are_refused(arrives):
    nested = b"Content-Type: message/rfc822\r\n\r\n" * 3000
    mixed = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n' % n for n in range(250))

    mail = arrives(HEAD + nested + b"Subject: y\r\n\r\nBonjour\r\n")

    assert mail.state == State.REFUSED
    with pytest.raises(NotAnEmail):
        read_email(HEAD + mixed + b"\r\nBonjour\r\n")


@pytest.mark.parametrize("tag", ["<script ", "<!--", "<", "<br "])
def test_a_page_that_never_ends_is_read_in_one_go(tag):
    assert len(text_of_html(tag * 60_000)) <= 60_000 * len(tag)


def test_what_a_page_hides_is_left_out():
    page = "a<SCRIPT>b</Script>c<!-- x --><head>t</head><p>d</p><style>z"

    assert text_of_html(page) == "acd\nz"


@pytest.mark.parametrize("stamp", ["²", "١٧٦٣", "-1", "", "9" * 40])
def test_a_call_dated_strangely_is_refused(client, mailbox, stamp):
    answer = client.post(
        reverse("inbox:incoming", args=[mailbox.uuid]),
        b"From: a@b.ci\r\n\r\nx",
        content_type="message/rfc822",
        headers={"X-Nourx-Timestamp": stamp, "X-Nourx-Signature": "é"},
    )

    assert answer.status_code == 403
