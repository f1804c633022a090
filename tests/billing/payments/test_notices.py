"""What people of a client are told of their payments: in the portal, and by one mail at most."""

import pytest

from billing.payments import services
from core.notify.models import Notification, OutgoingMail
from tests.conftest import ON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]


def plain(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def told(event):
    rows = Notification.objects.filter(event=event).order_by("user_id")
    return [(notice.user, plain(notice.text), notice.url) for notice in rows]


def test_money_received_is_told_to_who_reads_invoices_and_mailed_once(
    invoice, acme, acme_owner, make_member, manager, now, do_owed_work
):
    make_member(acme, "project")
    services.record_payment(
        client=acme,
        invoice=invoice,
        amount=118_000,
        method="transfer",
        reference="",
        received_on=ON,
        actor=manager,
        at=now,
    )

    do_owed_work()

    assert told("payment_received") == [
        (
            acme_owner,
            "Paiement reçu : 118 000 F CFA pour la facture FAC-2026-0001",
            "/client/factures/FAC-2026-0001/",
        )
    ]
    assert [mail.template for mail in OutgoingMail.objects.all()] == ["payments/receipt"]


def test_a_refused_payment_is_told_to_who_tried(
    invoice, acme, acme_owner, make_member, payer, start, check
):
    make_member(acme, "billing")
    attempt = start(invoice)
    payer.pay(attempt, scenario="05")

    check(attempt)
    attempt.refresh_from_db()

    assert attempt.state == "failed"
    assert told("payment_failed") == [
        (
            acme_owner,
            "Le paiement de 118 000 F CFA pour la facture FAC-2026-0001 n’a pas abouti",
            f"/client/paiements/{attempt.reference}/",
        )
    ]
    mail = OutgoingMail.objects.get(template="notify/notice")
    assert "Aucun montant n’a été débité selon l’opérateur." in mail.text


def test_an_abandoned_payment_is_told_to_nobody(invoice, start, payer):
    start(invoice, channel="mtn")
    start(invoice, channel="wave")

    assert told("payment_failed") == []
