"""From an issued invoice to its seal: what is kept, what waits, who is told."""

from datetime import timedelta

import pytest

from billing.fiscal import services
from billing.fiscal.models import Certification, CertificationEvent, FiscalSettings
from billing.fiscal.queries import fiscal_state_of
from billing.fiscal.sales import sale_of
from billing.invoicing import services as invoicing
from billing.invoicing.models import CreditNote
from billing.invoicing.papers import document_of
from billing.invoicing.services.deliveries import AwaitsCertification
from core.outbox.models import OwedWork

from .conftest import AT, ON

State = Certification.State


def certify(row, clock):
    services.certify(certification_id=row.pk, clock=clock)
    row.refresh_from_db()
    return row


def owed(topic):
    return list(OwedWork.objects.filter(topic=topic).values_list("key", flat=True))


def test_without_settings_nothing_changes(issue):
    invoice = issue()

    assert Certification.objects.count() == 0
    assert fiscal_state_of(invoice) is None
    assert str(document_of(invoice).wording.title) == "Facture"


def test_settings_without_a_driver_change_nothing(issue, certifying):
    FiscalSettings.objects.update(driver="none")

    issue()

    assert Certification.objects.count() == 0


def test_an_issued_invoice_is_a_proforma_until_certified(issue, certifying, clock, sale_row):
    invoice = issue()

    assert str(document_of(invoice).wording.title) == "Proforma"
    with pytest.raises(AwaitsCertification):
        invoicing.make_pdf(paper=invoice)

    row = certify(sale_row(invoice), clock)

    document = document_of(invoice)
    assert row.state == State.CERTIFIED
    assert str(document.wording.title) == "Facture"
    assert document.fiscal.number == "2112345A26000000001 (ESSAI)"
    assert document.fiscal.verification_url == row.verification_url
    assert f"invoice_pdf:{invoice.pk}:certified:{row.pk}" in owed("invoice_pdf")


def test_the_example_of_the_guide_is_certified_to_the_franc(
    issue, certifying, clock, sale_row, fne
):
    lines = (("Site", "1", "1000000", "18"), ("Logo", "1", "450000", "18"))
    invoice = issue(lines, discount_percent=5)

    certify(sale_row(invoice), clock)

    assert (invoice.total_vat, invoice.total) == (247_950, 1_625_450)
    document = fne.documents[0]
    assert (document.vat, document.net + document.vat) == (247_950, 1_625_450)


def test_the_sending_is_kept_before_the_call_and_the_answer_after(
    issue, certifying, clock, sale_row, fne
):
    row = certify(sale_row(issue()), clock)

    kinds = row.events.order_by("pk").values_list("kind", "state", "rank", "status")
    assert list(kinds) == [
        ("asked", "to_certify", 0, 0),
        ("sent", "sending", 1, 0),
        ("answered", "certified", 1, 200),
    ]
    sent = row.events.get(kind="sent").request
    assert sent["items"][0]["amount"] == 1_000_000
    texts = str(list(CertificationEvent.objects.values_list("request", "answer", "message")))
    assert fne.key not in texts


def test_a_lost_connection_is_tried_again_later_each_time(issue, certifying, clock, sale_row, fne):
    invoice = issue()
    fne.faults.extend(["unavailable", "unavailable"])

    first = certify(sale_row(invoice), clock)
    assert (first.state, first.next_try_at) == (State.TO_RETRY, AT + timedelta(minutes=1))
    assert certify(first, clock).rank == 1  # too early
    clock.move(minutes=1)
    second = certify(first, clock)
    assert second.next_try_at == clock.now + timedelta(minutes=2)
    clock.move(minutes=2)

    assert certify(second, clock).state == State.CERTIFIED
    assert len(fne.certified(invoice.number)) == 1


def test_a_refused_key_waits_and_tells_the_team(
    issue, certifying, clock, sale_row, fne, owner_staff, buyer
):
    buyer.lead = owner_staff
    buyer.save()
    fne.faults.append("unauthorized")

    row = certify(sale_row(issue()), clock)

    assert row.state == State.TO_RETRY
    assert "clé" in row.reason
    assert OwedWork.objects.filter(key__contains=f"team:fiscal:{row.pk}:1").count() == 1


@pytest.mark.parametrize("fault", ["error_after_create", "cut_after_create", "malformed"])
def test_an_unknown_end_is_never_sent_again_by_itself(
    issue, certifying, clock, sale_row, fne, fault
):
    invoice = issue()
    fne.faults.append(fault)

    row = certify(sale_row(invoice), clock)
    clock.move(days=3)
    services.sweep(at=clock.now)
    certify(row, clock)

    assert row.state == State.UNCERTAIN
    assert len(fne.requests) == 1
    assert len(fne.certified(invoice.number)) == 1


def test_a_worker_killed_after_it_sent_leaves_an_uncertain_paper(
    issue, certifying, clock, sale_row, fne
):
    row = sale_row(issue())
    sending = services.begin_sending(certification_id=row.pk, at=clock.now)
    sending.provider.send(sending.prepared)  # and the worker dies here

    assert services.begin_sending(certification_id=row.pk, at=clock.now) is None
    assert services.sweep(at=clock.now) == 0
    clock.move(minutes=6)
    assert services.sweep(at=clock.now) == 1

    row.refresh_from_db()
    assert row.state == State.UNCERTAIN
    assert len(fne.requests) == 1


def test_a_late_answer_is_the_truth_about_a_lost_paper(issue, certifying, clock, sale_row, fne):
    row = sale_row(issue())
    sending = services.begin_sending(certification_id=row.pk, at=clock.now)
    outcome = sending.provider.send(sending.prepared)
    clock.move(minutes=6)
    services.sweep(at=clock.now)

    services.finish_sending(
        certification_id=row.pk, rank=sending.rank, outcome=outcome, at=clock.now
    )

    row.refresh_from_db()
    assert (row.state, row.reference) == (State.CERTIFIED, outcome.reference)


def test_a_reference_of_another_paper_is_not_believed(issue, certifying, clock, sale_row, fne):
    certify(sale_row(issue()), clock)
    second = sale_row(issue())
    fne.documents.clear()  # the imitation counts from one again

    certify(second, clock)

    assert second.state == State.UNCERTAIN
    assert "déjà" in second.reason


def test_the_switch_turned_off_leaves_papers_waiting(issue, certifying, clock, sale_row, fne):
    row = sale_row(issue())
    FiscalSettings.objects.update(driver="none")

    certify(row, clock)

    assert (row.state, row.rank, fne.requests) == (State.TO_CERTIFY, 0, [])


def test_what_a_lost_nudge_left_is_owed_again(issue, certifying, clock, sale_row):
    row = sale_row(issue())
    OwedWork.objects.all().delete()
    clock.move(minutes=6)

    services.sweep(at=clock.now)
    services.sweep(at=clock.now)

    assert owed("fiscal_certify") == [f"fiscal:{row.pk}:0:0:2026111309"]


# --- Mails --------------------------------------------------------------------------------


def test_the_mail_waits_for_the_certification(issue, certifying, clock, sale_row, buyer):
    invoice = issue()

    invoicing.mail_invoice(invoice=invoice, key="k", at=AT, actor=None)

    invoice.refresh_from_db()
    row = sale_row(invoice)
    assert invoice.sent_at is None
    assert row.held_mail["key"] == "k:certified"
    certify(row, clock)
    assert owed("invoice_mail") == ["fiscal:k:certified"]
    assert row.held_mail is None


def test_a_mail_asked_once_certified_is_not_held(issue, certifying, clock, sale_row):
    invoice = issue()
    certify(sale_row(invoice), clock)

    assert services.hold_mail(invoice=invoice, payload={"key": "k"}) is False


def test_a_company_may_send_a_proforma_and_the_certified_paper_after(
    issue, certifying, clock, sale_row
):
    FiscalSettings.objects.update(sends_proforma=True)
    invoice = issue()

    assert services.hold_mail(invoice=invoice, payload={"key": "k"}) is False
    certify(sale_row(invoice), clock)

    assert owed("invoice_mail") == ["fiscal:k:certified"]


# --- Credit notes -------------------------------------------------------------------------


def credit_row(note):
    return Certification.objects.get(credit_note=note)


def test_a_cancelled_invoice_is_credited_whole(issue, certifying, clock, sale_row, fne):
    invoice = issue((("Site", "1", "1000000", "18"), ("Mois", "12", "20000", "18")))
    row = certify(sale_row(invoice), clock)

    note = invoicing.cancel_invoice(invoice=invoice, reason="Erreur", on=ON, at=AT, actor=None)
    credit = certify(credit_row(note), clock)

    row.refresh_from_db()
    assert (credit.state, row.state) == (State.CERTIFIED, State.CREDITED)
    assert credit.reference == "A2112345A26000000001"
    assert [float(item["left"]) for item in fne.documents[0].items] == [0, 0]
    assert document_of(CreditNote.objects.get()).fiscal.number.startswith("A2112345A")


def test_partial_credits_take_what_is_left(issue, certifying, clock, sale_row, fne):
    invoice = issue((("Site", "1", "1000000", "18"), ("Mois", "12", "20000", "18")))
    row = certify(sale_row(invoice), clock)

    for base in (40_000, 250_000):
        note = invoicing.issue_credit_note(
            invoice=invoice, reason="Remise", bases={18: base}, on=ON, at=AT, actor=None
        )
        assert certify(credit_row(note), clock).state == State.CERTIFIED

    row.refresh_from_db()
    assert row.state == State.CERTIFIED
    assert [float(item["left"]) for item in fne.documents[0].items] == [0.75, 10]


def test_a_credit_waits_for_its_invoice_then_follows(issue, certifying, clock, sale_row, fne):
    invoice = issue()
    fne.faults.append("error_before_create")
    row = certify(sale_row(invoice), clock)
    note = invoicing.cancel_invoice(invoice=invoice, reason="Erreur", on=ON, at=AT, actor=None)

    credit = certify(credit_row(note), clock)
    assert (credit.state, credit.rank) == (State.TO_CERTIFY, 0)
    services.send_again(
        certification=row, rank=1, at=clock.now, actor=None, is_absent=True, number=row.number
    )
    certify(row, clock)

    assert certify(credit, clock).state == State.CERTIFIED


def test_an_invoice_cancelled_before_anything_was_sent_needs_nothing(
    issue, certifying, clock, sale_row, fne
):
    invoice = issue()
    row = sale_row(invoice)

    invoicing.cancel_invoice(invoice=invoice, reason="Erreur", on=ON, at=AT, actor=None)

    certify(row, clock)
    assert (row.state, fne.requests) == (State.VOID, [])
    assert Certification.objects.count() == 1
    assert str(document_of(invoice).wording.title) == "Proforma"
    assert fiscal_state_of(invoice).is_final


# --- Stickers -----------------------------------------------------------------------------


def test_the_owners_are_told_once_when_stickers_run_low(
    issue, certifying, clock, sale_row, fne, owner_staff
):
    FiscalSettings.objects.update(sticker_threshold=5)
    fne.stickers = 7

    for _ in range(4):
        certify(sale_row(issue()), clock)

    chosen = FiscalSettings.objects.get()
    assert (chosen.sticker_balance, chosen.sticker_told) == (3, True)
    assert OwedWork.objects.filter(key__contains="fiscal_stickers").count() == 1


def test_a_paper_is_described_from_what_it_keeps(issue, certifying, buyer):
    invoice = issue()
    buyer.name, buyer.phone = "Autre nom", "+225 01"
    buyer.save()
    invoice.client.refresh_from_db()

    sale = sale_of(invoice, certifying)

    assert (sale.customer.name, sale.customer.phone) == ("Sika SARL", "+225 07 00 00 00 00")
