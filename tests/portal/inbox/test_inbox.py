"""The mail that comes: into its ticket, the team’s queue, or refused; once, come what may."""

import time

import pytest
from django.urls import reverse

from core import rls
from core.accounts.models import Contact
from core.accounts.secrets import encrypt_text
from core.notify.mail import owe_mail
from portal.inbox import polling, services
from portal.inbox.models import IncomingMail, Mailbox
from portal.inbox.receiving import receive
from portal.inbox.treating import treat
from portal.inbox.views import signature
from portal.support.addresses import reply_address
from portal.support.models import Ticket, TicketMessage
from tests.portal.inbox import corpus
from tests.portal.inbox.conftest import AT, SECRET
from tests.portal.inbox.imap_server import serving

State = IncomingMail.State


# --- Into a ticket ------------------------------------------------------------------------------


def test_a_verified_member_opens_a_ticket_with_what_may_be_kept_of_the_files(arrives, awa, acme):
    message = corpus.joined(
        corpus.letter(),
        ("note.txt", b"Voir la page contact."),
        ("virus.exe", b"MZ\x90"),
        ("faux.pdf", b"pas un pdf"),
    )

    mail = arrives(message)

    ticket = Ticket.objects.get()
    assert (mail.state, mail.ticket) == (State.TREATED, ticket)
    assert (ticket.client_id, ticket.opened_by, ticket.source) == (acme.pk, awa, "email")
    assert (ticket.subject, ticket.attachments.count()) == ("Formulaire en panne", 1)
    assert [one.partition(" :")[0] for one in mail.refused_files] == ["virus.exe", "faux.pdf"]
    assert "virus.exe" in ticket.messages.get().body


def test_an_answer_to_the_address_of_a_ticket_goes_to_it_without_what_it_quotes(arrives, awa):
    ticket = arrives(corpus.letter()).ticket
    said = "Cela marche, merci.\n\nLe ven. 20 nov. 2026 à 10:02, NOURX a écrit :\n> Essayez encore."

    mail = arrives(corpus.letter(said, to=reply_address(ticket), message_id="<2@acme.test>"))

    assert (mail.state, mail.ticket, Ticket.objects.count()) == (State.TREATED, ticket, 1)
    assert ticket.messages.order_by("pk").last().body == "Cela marche, merci."


def test_an_answer_is_known_by_the_mail_it_answers_too(arrives, awa, do_owed_work):
    ticket = arrives(corpus.letter()).ticket
    owed = owe_mail(
        "notify/letter", key="a", to=["awa@acme.test"], context={"subject": "s", "body": "b"},
        reply_to=reply_address(ticket),
    )  # fmt: skip
    do_owed_work()
    owed.refresh_from_db()

    mail = arrives(corpus.letter(message_id="<3@acme.test>", In_Reply_To=f"<{owed.message_id}>"))

    assert mail.ticket == ticket


def test_the_same_message_brought_twice_has_one_effect(arrives, mailbox, awa):
    first = arrives(corpus.letter())

    again = receive(mailbox=mailbox, raw=corpus.letter().as_bytes(), at=AT)
    treat(mail_id=first.pk, at=AT)

    assert again is None
    assert (Ticket.objects.count(), TicketMessage.objects.count()) == (1, 1)


def test_a_contact_without_account_opens_a_ticket_under_their_name(arrives, acme):
    Contact.objects.create(client=acme, name="Moussa Traoré", email="moussa@acme.test")

    mail = arrives(corpus.letter(sender="Moussa <moussa@acme.test>"))

    assert mail.state == State.TREATED
    assert (mail.ticket.opened_by, mail.ticket.contact_name) == (None, "Moussa Traoré")


# --- Not believed, not known --------------------------------------------------------------------


@pytest.mark.parametrize(
    "results",
    [
        "",
        "mx.autre.test; dmarc=pass header.from=acme.test",
        f"{corpus.TRUSTED}; dmarc=fail header.from=acme.test; spf=pass smtp.mailfrom=mechant.test",
    ],
)
def test_a_forged_sender_waits_and_shows_nothing_to_the_client(arrives, awa, results):
    ticket = arrives(corpus.letter(message_id="<0@acme.test>")).ticket

    mail = arrives(corpus.letter("Virez l’argent.", to=reply_address(ticket), results=results))

    assert (mail.state, mail.is_verified, mail.ticket) == (State.HELD, False, ticket)
    assert ticket.messages.count() == 1


def test_the_address_of_a_ticket_in_other_hands_proves_the_thread_alone(
    arrives, awa, rival, make_member
):
    ticket = arrives(corpus.letter()).ticket
    make_member(rival, "owner", email="espion@rival.test")

    mail = arrives(
        corpus.letter(
            "Montrez-moi la suite.",
            sender="espion@rival.test",
            to=reply_address(ticket),
            message_id="<9@rival.test>",
            results=f"{corpus.TRUSTED}; dmarc=pass header.from=rival.test",
        )
    )

    assert (mail.state, ticket.messages.count()) == (State.HELD, 1)


def test_a_stranger_waits_for_somebody_who_attaches_them_to_a_client(arrives, acme, manager):
    mail = arrives(corpus.letter(sender="inconnu@ailleurs.test"))

    services.take_in(mail=mail, client_id=acme.pk, ticket=None, actor=manager, at=AT)

    mail.refresh_from_db()
    assert (mail.state, mail.ticket.client_id, mail.ticket.opened_by) == (
        State.TREATED,
        acme.pk,
        None,
    )
    with pytest.raises(services.CannotTreat):
        services.refuse(mail=mail, reason="trop tard", actor=manager, at=AT)


def test_a_ticket_of_another_client_is_not_where_a_message_goes(arrives, acme, rival, manager, awa):
    ticket = arrives(corpus.letter()).ticket
    mail = arrives(corpus.letter(sender="inconnu@ailleurs.test", message_id="<5@a.test>"))

    with pytest.raises(services.CannotTreat):
        services.take_in(mail=mail, client_id=rival.pk, ticket=ticket, actor=manager, at=AT)

    mail.refresh_from_db()
    assert (mail.state, ticket.messages.count()) == (State.UNKNOWN, 1)


def test_somebody_of_two_clients_is_asked_about(arrives, awa, rival, make_member):
    make_member(rival, "owner", user=awa)

    assert arrives(corpus.letter()).state == State.UNKNOWN


# --- Robots, loops, floods ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"List_Id": "<nouvelles.acme.test>"},
        {"Return_Path": "<>"},
        {"sender": "MAILER-DAEMON <mailer-daemon@acme.test>"},
        {"sender": "support@nourx.test"},
    ],
)
def test_what_no_person_wrote_opens_nothing(arrives, awa, headers):
    mail = arrives(corpus.letter(**headers))

    assert mail.state == State.REFUSED
    assert mail.reason
    assert not Ticket.objects.exists()


def test_a_sender_who_does_not_stop_is_refused_after_twenty_in_an_hour(arrives, awa, monkeypatch):
    monkeypatch.setattr("portal.inbox.treating.MOST_AN_HOUR", 2)

    states = [arrives(corpus.letter(message_id=f"<{n}@acme.test>")).state for n in range(3)]

    assert states == [State.TREATED, State.TREATED, State.REFUSED]


def test_bytes_that_are_no_message_are_refused_in_words(arrives):
    mail = arrives(b"\x00\xff\xfe pas un message")

    assert mail.state == State.REFUSED


# --- Ways in ------------------------------------------------------------------------------------


def post(client_of, mailbox, body, *, secret=SECRET, stamp=None, signed=None):
    stamp = stamp or str(int(time.time()))
    return client_of().post(
        reverse("inbox:incoming", args=[mailbox.uuid]),
        body,
        content_type="message/rfc822",
        headers={
            "X-Nourx-Timestamp": stamp,
            "X-Nourx-Signature": signed or signature(secret, stamp, body),
        },
    )


def test_a_signed_call_is_kept_and_treated_later(client_of, mailbox):
    answer = post(client_of, mailbox, corpus.letter().as_bytes())

    assert answer.status_code == 200
    with rls.staff("test"):
        assert IncomingMail.objects.get().state == State.RECEIVED


@pytest.mark.parametrize(
    "wrong",
    [{"secret": "autre"}, {"stamp": "1000000000"}, {"stamp": "hier"}, {"signed": "é"}],
)
def test_a_call_that_is_not_signed_now_is_refused(client_of, mailbox, wrong):
    body = corpus.letter().as_bytes()
    signed = wrong.pop("signed", None)

    answer = post(client_of, mailbox, body, signed=signed and "0" * 64, **wrong)

    assert answer.status_code == 403
    with rls.staff("test"):
        assert not IncomingMail.objects.exists()


def test_a_call_of_more_than_thirty_megabytes_is_refused(client_of, mailbox, monkeypatch):
    monkeypatch.setattr("portal.inbox.views.MOST_BYTES", 100)

    assert post(client_of, mailbox, b"x" * 101).status_code == 413


@pytest.fixture
def imap(mailbox):
    with serving() as server:
        Mailbox.objects.filter(pk=mailbox.pk).update(
            kind="imap", host="127.0.0.1", port=server.port, security="none", username="u",
            sealed=encrypt_text(server.password),
        )  # fmt: skip
        mailbox.refresh_from_db()
        yield server


def test_a_mailbox_is_read_from_where_it_was_left(imap, mailbox):
    imap.messages = {3: corpus.letter().as_bytes(), 5: 31_000_000}

    counts = [polling.poll_all(at=AT)]
    counts.append(polling.poll_all(at=AT))
    imap.messages[6] = corpus.letter(message_id="<6@acme.test>").as_bytes()
    counts.append(polling.poll_all(at=AT))

    mailbox.refresh_from_db()
    assert (counts, mailbox.last_uid, mailbox.uid_validity) == ([2, 0, 1], 6, 7)
    with rls.staff("test"):
        kept = dict(IncomingMail.objects.values_list("message_id", "state"))
    assert kept == {
        "1@acme.test": "received", "lourd@acme.test": "refused", "6@acme.test": "received",
    }  # fmt: skip


def test_a_mailbox_made_anew_is_read_again_without_doubling_anything(imap, mailbox):
    imap.messages = {3: corpus.letter().as_bytes()}
    polling.poll_all(at=AT)
    imap.uid_validity = 8

    assert polling.poll_all(at=AT) == 1
    with rls.staff("test"):
        assert IncomingMail.objects.count() == 1


def test_a_mailbox_that_refuses_us_says_why(imap, mailbox):
    imap.password = "changé"

    assert polling.poll_all(at=AT) == 0
    mailbox.refresh_from_db()
    assert "AUTHENTICATIONFAILED" in mailbox.last_error


# --- The screens --------------------------------------------------------------------------------

MAILS, BOXES = "wagtailsnippets_inbox_incomingmail", "wagtailsnippets_inbox_mailbox"


def test_a_manager_attaches_a_message_from_its_page(arrives, acme, manager, client_of):
    mail = arrives(corpus.letter(sender="inconnu@ailleurs.test"))
    browser = client_of(manager)

    page = browser.get(reverse(f"{MAILS}:inspect", args=[mail.pk]))
    raw = browser.get(reverse("inbox_raw", args=[mail.pk]))
    browser.post(reverse(f"{MAILS}:rattacher", args=[mail.pk]), {"client": acme.pk, "number": ""})

    mail.refresh_from_db()
    assert (page.status_code, raw.status_code, mail.state) == (200, 200, State.TREATED)
    assert raw["Content-Disposition"].startswith("attachment")


def test_an_editor_and_a_client_reach_nothing_of_it(arrives, acme, editor, acme_owner, client_of):
    mail = arrives(corpus.letter(sender="inconnu@ailleurs.test"))

    for person in (editor, acme_owner):
        browser = client_of(person)
        address = reverse(f"{MAILS}:rattacher", args=[mail.pk])
        browser.post(address, {"client": acme.pk, "number": ""})
        assert browser.get(reverse("inbox_raw", args=[mail.pk])).status_code in (302, 403, 404)

    mail.refresh_from_db()
    assert mail.state == State.UNKNOWN


def test_an_owner_adds_a_mailbox_whose_secret_is_never_shown(owner_staff, client_of):
    browser = client_of(owner_staff)
    facts = {
        "name": "Support", "address": "aide@nourx.test", "kind": "webhook", "is_on": "on",
        "host": "", "port": "993", "security": "ssl", "folder": "INBOX", "username": "",
        "secret": SECRET, "trusted_server": "",
    }  # fmt: skip

    browser.post(reverse(f"{BOXES}:add"), facts)
    refused = browser.post(
        reverse(f"{BOXES}:add"), {**facts, "address": "b@nourx.test", "secret": "court"}
    )

    box = Mailbox.objects.get()
    page = browser.get(reverse(f"{BOXES}:edit", args=[box.pk])).content.decode()
    assert (SECRET in box.sealed, SECRET in page) == (False, False)
    assert "24 caractères" in refused.content.decode()


def test_the_list_asks_the_same_questions_for_one_message_or_many(
    arrives, mailbox, owner_staff, client_of, django_assert_max_num_queries
):
    for number in range(12):
        IncomingMail.objects.create(
            mailbox=mailbox, message_id=str(number), subject="s", received_at=AT, state="unknown"
        )
    browser = client_of(owner_staff)
    browser.get(reverse(f"{MAILS}:list"))

    with django_assert_max_num_queries(14):
        assert browser.get(reverse(f"{MAILS}:list")).status_code == 200
