"""Quotes: sent once, answered once with its proof, invoiced once."""

import hashlib
from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from billing.invoicing import services
from billing.invoicing.models import Invoice, Quote, QuoteAnswer
from core.files.services import read_file
from core.notify.models import Notification, OutgoingMail
from core.outbox.models import OwedWork
from tests.billing.invoicing.conftest import AT, ON, make_quote

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
URL = "/client/devis/DEV-2026-0001/"
LATE = datetime(2026, 12, 14, tzinfo=UTC)


def accept(quote, actor, **values):
    facts = {
        "quote": quote,
        "name": " Awa  Koné ",
        "ip": "41.0.0.1",
        "user_agent": "Navigateur d’essai",
        "at": AT,
    }
    return services.accept_quote(**{**facts, **values}, actor=actor)


def plain(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_a_sent_quote_is_numbered_and_holds_thirty_days(quote, manager):
    sent = services.send_quote(quote=quote, on=ON, at=AT, actor=manager)

    assert (sent.number, sent.status, sent.total) == ("DEV-2026-0001", "sent", 1_475_000)
    assert sent.valid_until == date(2026, 12, 13)
    topics = OwedWork.objects.order_by("pk").values_list("topic", flat=True)
    assert list(topics) == ["quote_pdf", "quote_mail"]


def test_a_quote_is_sent_once(sent_quote, manager):
    with pytest.raises(services.CannotIssue, match="déjà envoyé"):
        services.send_quote(quote=sent_quote, on=ON, at=AT, actor=manager)

    assert OwedWork.objects.count() == 2


def test_a_quote_that_came_to_another_total_since_it_was_read_stays_a_draft(quote, manager):
    with pytest.raises(services.SumsChanged, match="Relisez le document"):
        services.send_quote(quote=quote, on=ON, at=AT, actor=manager, seen=1_475_001)

    assert (Quote.objects.get().status, OwedWork.objects.count()) == ("draft", 0)


def test_a_quote_nobody_would_read_stays_a_draft(make_client, manager):
    quote = make_quote(make_client("Sans adresse"))

    with pytest.raises(services.CannotIssue, match="adresse"):
        services.send_quote(quote=quote, on=ON, at=AT, actor=manager)

    assert Quote.objects.get().status == "draft"


def test_accepting_keeps_who_when_and_where_from(sent_quote, acme_owner):
    accept(sent_quote, acme_owner)

    quote = Quote.objects.get()
    assert (quote.status, quote.decided_name, quote.decided_ip) == (
        "accepted",
        "Awa Koné",
        "41.0.0.1",
    )
    assert (quote.decided_by, quote.decided_at) == (acme_owner, AT)
    answer = QuoteAnswer.objects.get()
    assert (answer.kind, answer.name, answer.actor, answer.ip) == (
        "accepted",
        "Awa Koné",
        acme_owner,
        "41.0.0.1",
    )
    assert answer.user_agent == "Navigateur d’essai"
    assert answer.pdf_sha256 == hashlib.sha256(read_file(quote.pdf_id)[1]).hexdigest()
    assert plain(answer.statement) == (
        "J’accepte le devis DEV-2026-0001 « Site vitrine », d’un montant total de 1 475 000 F CFA."
    )


def test_refusing_keeps_the_reason(sent_quote, acme_owner):
    services.refuse_quote(quote=sent_quote, reason="Trop cher", at=AT, actor=acme_owner)

    quote = Quote.objects.get()
    assert (quote.status, quote.refusal_reason, quote.decided_name) == (
        "refused",
        "Trop cher",
        "Awa Koné",
    )
    answer = QuoteAnswer.objects.get()
    assert (answer.kind, answer.statement) == ("refused", "Trop cher")


def test_an_acceptance_is_told_to_both_sides_with_its_certificate(
    sent_quote, acme_owner, do_owed_work
):
    accept(sent_quote, acme_owner)

    sent = {mail.subject: mail for mail in do_owed_work()}

    ours = sent["Devis DEV-2026-0001 accepté par Acme Distribution"]
    theirs = sent["Devis DEV-2026-0001 accepté : merci"]
    files = ["DEV-2026-0001.pdf", "DEV-2026-0001-attestation.pdf"]
    assert ours.to == ["contact@nourx.test"]
    assert theirs.to == ["acme@acme.test", "awa@acme.test"]
    assert [each.filename for each in ours.attachments] == files
    assert [each.filename for each in theirs.attachments] == files
    assert QuoteAnswer.objects.get().certificate.name == "DEV-2026-0001-attestation.pdf"


def test_telling_of_an_answer_twice_has_one_effect(sent_quote, acme_owner):
    accept(sent_quote, acme_owner)
    sent_quote.refresh_from_db()

    services.mail_answer(quote=sent_quote)
    certificate = QuoteAnswer.objects.get().certificate_id
    services.mail_answer(quote=sent_quote)

    assert QuoteAnswer.objects.get().certificate_id == certificate
    assert OutgoingMail.objects.count() == 2


def test_a_refusal_is_told_to_both_sides_with_its_reason(sent_quote, acme_owner, do_owed_work):
    services.refuse_quote(quote=sent_quote, reason="Trop cher", at=AT, actor=acme_owner)

    sent = {mail.subject: mail for mail in do_owed_work()}

    assert "Trop cher" in sent["Devis DEV-2026-0001 refusé par Acme Distribution"].body
    theirs = sent["Devis DEV-2026-0001 : votre réponse est enregistrée"]
    assert (theirs.to, theirs.attachments) == (["acme@acme.test", "awa@acme.test"], [])


def test_the_proof_of_an_answer_is_never_rewritten(sent_quote, acme_owner):
    accept(sent_quote, acme_owner)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        QuoteAnswer.objects.update(name="Autre")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        QuoteAnswer.objects.all().delete()

    assert QuoteAnswer.objects.get().name == "Awa Koné"


def test_a_quote_is_announced_to_who_may_answer_it(acme, acme_owner, make_member, quote, manager):
    make_member(acme, "project")

    services.send_quote(quote=quote, on=ON, at=AT, actor=manager)

    (notice,) = Notification.objects.filter(event="quote_sent")
    assert (notice.user, notice.url) == (acme_owner, URL)
    assert notice.text == "Nouveau devis DEV-2026-0001 : Site vitrine"


def unanswered():
    quote = Quote.objects.get()
    return quote.status == "sent" and quote.decided_at is None and not QuoteAnswer.objects.exists()


def test_a_refusal_needs_a_reason(sent_quote, acme_owner):
    with pytest.raises(services.CannotDecide, match="pourquoi"):
        services.refuse_quote(quote=sent_quote, reason="  ", at=AT, actor=acme_owner)

    assert unanswered()


def test_an_expired_quote_is_not_accepted(sent_quote, acme_owner):
    with pytest.raises(services.CannotDecide, match="expiré"):
        accept(sent_quote, acme_owner, at=LATE)

    assert unanswered()


def test_an_answer_needs_a_name(sent_quote, acme_owner):
    with pytest.raises(services.CannotDecide, match="nom"):
        accept(sent_quote, acme_owner, name="  ")

    assert unanswered()


@pytest.mark.parametrize("role", ["project", "guest"])
def test_only_who_may_commit_the_client_answers(sent_quote, acme, make_member, role):
    member = make_member(acme, role)

    with pytest.raises(PermissionDenied):
        accept(sent_quote, member)

    assert unanswered()


def test_a_quote_is_answered_once(sent_quote, acme_owner):
    accept(sent_quote, acme_owner)

    with pytest.raises(services.CannotDecide, match="déjà"):
        services.refuse_quote(quote=sent_quote, reason="Non", at=AT, actor=acme_owner)

    assert Quote.objects.get().status == "accepted"
    assert QuoteAnswer.objects.get().kind == "accepted"


def test_an_accepted_quote_becomes_one_invoice(sent_quote, acme_owner, manager):
    accept(sent_quote, acme_owner)

    invoice = services.create_invoice_from_quote(quote=sent_quote, actor=manager)

    assert (invoice.status, invoice.total, invoice.quote) == ("draft", 1_475_000, sent_quote)
    named = [(line.label, line.unit_price) for line in invoice.lines.order_by("sort_order")]
    assert named == [
        (line.label, line.unit_price) for line in sent_quote.lines.order_by("sort_order")
    ]
    with pytest.raises(services.AlreadyInvoiced, match="déjà sa facture"):
        services.create_invoice_from_quote(quote=sent_quote, actor=manager)
    assert Invoice.objects.count() == 1


def test_a_quote_is_invoiced_again_once_its_invoice_is_cancelled(sent_quote, acme_owner, manager):
    accept(sent_quote, acme_owner)
    first = services.create_invoice_from_quote(quote=sent_quote, actor=manager)
    services.issue_invoice(invoice=first, on=ON, at=AT, actor=manager)
    services.cancel_invoice(invoice=first, reason="Erreur", on=ON, at=AT, actor=manager)

    services.create_invoice_from_quote(quote=sent_quote, actor=manager)

    assert Invoice.objects.filter(quote=sent_quote).count() == 2


def test_a_quote_without_answer_is_not_invoiced(sent_quote, manager):
    with pytest.raises(services.AlreadyInvoiced, match="accepté"):
        services.create_invoice_from_quote(quote=sent_quote, actor=manager)

    assert not Invoice.objects.exists()


@pytest.fixture
def open_quote(acme, manager):
    quote = make_quote(acme, valid_until=date(2999, 1, 1))
    return services.send_quote(quote=quote, on=ON, at=AT, actor=manager)


def test_the_page_takes_an_acceptance(open_quote, acme_owner, client_of):
    response = client_of(acme_owner).post(
        f"{URL}accepter/", {"name": "Awa Koné", "agrees": "on"}, headers={"User-Agent": "Opera"}
    )

    assert (response.status_code, response.url) == (302, URL)
    quote = Quote.objects.get()
    assert (quote.status, quote.decided_ip) == ("accepted", "127.0.0.1")
    assert QuoteAnswer.objects.get().user_agent == "Opera"


def test_the_page_shows_the_proof_and_its_certificate(
    open_quote, acme_owner, rival_owner, client_of, do_owed_work
):
    browser = client_of(acme_owner)
    browser.post(f"{URL}accepter/", {"name": "Awa Koné", "agrees": "on"})
    assert browser.get(f"{URL}attestation/").status_code == 404
    do_owed_work()

    page = browser.get(URL).content.decode()

    answer = QuoteAnswer.objects.get()
    assert answer.pdf_sha256 in page
    assert f"{URL}attestation/" in page
    file = browser.get(f"{URL}attestation/")
    assert b"".join(file.streaming_content)[:5] == b"%PDF-"
    assert client_of(rival_owner).get(f"{URL}attestation/").status_code == 404


def test_the_page_takes_a_refusal(open_quote, acme_owner, client_of):
    client_of(acme_owner).post(f"{URL}refuser/", {"reason": "Pas cette année"})

    quote = Quote.objects.get()
    assert (quote.status, quote.refusal_reason) == ("refused", "Pas cette année")


@pytest.mark.parametrize(
    ("address", "typed", "error"),
    [
        ("accepter", {"name": " ", "agrees": "on"}, "Écrivez votre nom"),
        ("accepter", {"name": "Awa Koné"}, "Cochez « J’accepte »"),
        ("refuser", {"reason": ""}, "pourquoi"),
    ],
)
def test_a_missing_word_brings_the_page_back(
    open_quote, acme_owner, client_of, address, typed, error
):
    response = client_of(acme_owner).post(f"{URL}{address}/", typed)

    assert response.status_code == 422
    assert error in response.content.decode()
    assert unanswered()


@pytest.mark.parametrize("address", ["accepter", "refuser"])
def test_a_stranger_answers_nothing(open_quote, rival_owner, client_of, address):
    typed = {"name": "Yao", "agrees": "on", "reason": "Non"}

    assert client_of(rival_owner).post(f"{URL}{address}/", typed).status_code == 404
    assert client_of().post(f"{URL}{address}/", typed).status_code == 302
    assert unanswered()
