"""Deposits are billed, taken off a final invoice once, and not a franc is lost."""

from decimal import Decimal

import pytest

from billing.invoicing import services
from billing.invoicing.models import DepositDeduction, Invoice
from billing.invoicing.sums import full_groups
from tests.billing.invoicing.conftest import AT, ON, make_draft, make_issued, make_quote

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
ODD = (("Site vitrine", "1", "333337", "18"),)
EVEN = (("Site vitrine", "1", "1000000", "18"),)


def accepted(acme, lines=ODD):
    quote = make_quote(acme, lines)
    services.send_quote(quote=quote, on=ON, at=AT, actor=None)
    type(quote).objects.filter(pk=quote.pk).update(status="accepted", decided_at=AT)
    quote.refresh_from_db()
    return quote


def issue(invoice):
    return services.issue_invoice(invoice=invoice, on=ON, at=AT, actor=None)


def deposit_of(quote, **part):
    return issue(services.create_deposit(quote=quote, actor=None, **part))


def sums(invoice):
    return invoice.total_net, invoice.total_vat, invoice.total


def test_deposits_and_the_final_invoice_are_exactly_the_quote(acme):
    quote = accepted(acme)

    first, second = (deposit_of(quote, percent=Decimal(share)) for share in (30, 40))
    final = issue(services.create_final(quote=quote, actor=None))

    assert [sums(paper) for paper in (first, second, final)] == [
        (100_001, 18_000, 118_001),
        (133_335, 24_000, 157_335),
        (100_001, 18_001, 118_002),
    ]
    assert (final.kind, final.amount_due) == ("final", 118_002)
    assert first.lines.get().label.startswith("Acompte de 30\u00a0% sur le devis DEV-2026-0001 du ")
    assert full_groups(final)[0].total == quote.total == 393_338


def test_two_halves_whose_vat_rounds_up_never_bill_a_franc_more(acme):
    quote = accepted(acme, (("Site", "1", "250050", "18"),))

    first, second = (deposit_of(quote, percent=Decimal(50)) for _ in range(2))
    final = issue(services.create_final(quote=quote, actor=None))

    assert (first.total_vat, second.total_vat, quote.total_vat) == (22_505, 22_504, 45_009)
    assert (final.total, final.status, final.settled_at) == (0, "issued", AT)


def test_a_deposit_may_be_an_amount_all_taxes_in(acme):
    lines = (("A", "1", "600000", "18"), ("B", "1", "240000", "9"))
    quote = accepted(acme, lines)

    deposit = deposit_of(quote, amount=500_001)

    assert (deposit.total, len(deposit.vat_groups)) == (500_001, 2)
    assert sum(group.total for group in services.left_to_invoice(quote)) == quote.total - 500_001


@pytest.mark.parametrize("part", [{"percent": Decimal(71)}, {"amount": 275_338}, {"amount": 0}])
def test_a_deposit_above_what_is_left_is_refused(acme, part):
    quote = accepted(acme)
    deposit_of(quote, percent=Decimal(30))

    with pytest.raises(services.CannotDeposit, match="Il reste 275"):
        services.create_deposit(quote=quote, actor=None, **part)

    assert Invoice.objects.count() == 1


def test_a_quote_without_answer_has_no_deposit(acme):
    with pytest.raises(services.CannotDeposit, match="accepté"):
        services.create_deposit(quote=make_quote(acme), percent=Decimal(30), actor=None)

    assert not Invoice.objects.exists()


def test_a_free_deposit_is_exact_all_taxes_in(acme):
    deposit = services.create_deposit(
        client=acme, amount=100_000, rate=Decimal(18), subject="Acompte de démarrage", actor=None
    )

    assert (deposit.kind, *sums(deposit)) == ("deposit", 84_746, 15_254, 100_000)


def test_a_deposit_is_deducted_once(acme):
    quote = accepted(acme)
    deposit = deposit_of(quote, percent=Decimal(30))
    final = services.create_final(quote=quote, actor=None)

    other = make_draft(acme, EVEN)
    with pytest.raises(services.CannotDeposit, match="déjà déduit"):
        services.choose_deposits(invoice=other, deposits=[deposit], actor=None)

    assert DepositDeduction.objects.get().final_id == final.pk


def test_cancelling_the_final_invoice_gives_its_deposits_back(acme):
    quote = accepted(acme)
    deposit = deposit_of(quote, percent=Decimal(30))
    final = issue(services.create_final(quote=quote, actor=None))

    services.cancel_invoice(invoice=final, reason="Erreur", on=ON, at=AT, actor=None)

    again = issue(services.create_final(quote=quote, actor=None))
    assert Invoice.objects.get(pk=final.pk).status == "cancelled"
    assert [row.deposit_id for row in again.deductions.all()] == [deposit.pk]
    assert again.total == final.total == 275_337


def test_a_deducted_deposit_is_credited_after_its_final_invoice_only(acme):
    quote = accepted(acme)
    deposit = deposit_of(quote, percent=Decimal(30))
    issue(services.create_final(quote=quote, actor=None))

    with pytest.raises(services.CannotCredit, match="FAC-2026-0002"):
        services.cancel_invoice(invoice=deposit, reason="Non", on=ON, at=AT, actor=None)

    assert Invoice.objects.get(pk=deposit.pk).amount_credited == 0


def test_a_deposit_cancelled_meanwhile_is_no_longer_deducted(acme):
    quote = accepted(acme)
    deposit = deposit_of(quote, percent=Decimal(30))
    final = services.create_final(quote=quote, actor=None)
    seen = final.total
    services.cancel_invoice(invoice=deposit, reason="Annulé", on=ON, at=AT, actor=None)

    with pytest.raises(services.SumsChanged, match="393"):
        services.issue_invoice(invoice=final, on=ON, at=AT, actor=None, seen=seen)

    assert issue(final).total == 393_338


def test_a_deposit_larger_than_the_lines_is_refused(acme):
    deposit = issue(
        services.create_deposit(client=acme, amount=200_000, rate=Decimal(18), actor=None)
    )
    draft = make_draft(acme, (("Petit site", "1", "100000", "18"),))

    with pytest.raises(services.CannotDeposit, match="dépassent"):
        services.choose_deposits(invoice=draft, deposits=[deposit], actor=None)

    draft.refresh_from_db()
    assert (draft.kind, draft.total, draft.deductions.count()) == ("standard", 118_000, 0)


def test_another_clients_deposit_is_not_deducted(acme, rival):
    theirs = issue(services.create_deposit(client=rival, amount=1_000, actor=None))
    draft = make_draft(acme, EVEN)

    with pytest.raises(services.CannotDeposit, match="ne peut pas"):
        services.choose_deposits(invoice=draft, deposits=[theirs], actor=None)

    assert not DepositDeduction.objects.exists()


def test_billing_a_quote_takes_its_deposits_off(acme):
    quote = accepted(acme, EVEN)
    deposit_of(quote, percent=Decimal(30))

    bill = services.bill_quote(quote=quote, actor=None)

    assert (bill.kind, bill.total) == ("final", 826_000)


def test_an_issued_invoice_takes_no_deposit_any_more(acme):
    issued = make_issued(acme)

    with pytest.raises(services.CannotDeposit, match="déjà émise"):
        services.choose_deposits(invoice=issued, deposits=[], actor=None)


def test_a_final_invoice_waits_for_the_deposits_that_are_drafts(acme):
    quote = accepted(acme, EVEN)
    deposit_of(quote, percent=Decimal(30))
    services.create_deposit(quote=quote, percent=Decimal(30), actor=None)

    with pytest.raises(services.CannotDeposit, match="brouillon"):
        services.create_final(quote=quote, actor=None)

    assert not Invoice.objects.filter(kind="final").exists()
