"""What lowers an invoice without money: certificates, losses, exchange rates."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from billing.invoicing import services
from billing.invoicing.models import Adjustment, Invoice, InvoiceEvent
from billing.payments.queries import find_differences
from core.accounts.models import TaxRule
from tests.billing.invoicing.conftest import AT, ON, make_issued

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
LINES = (("Conseil", "1", "90000", "18"),)


@pytest.fixture
def withheld(acme):
    rule = TaxRule.objects.create(
        company=acme.company, kind="withheld", label="Retenue BNC", rate=Decimal("7.5")
    )
    return make_issued(acme, lines=LINES, withheld_rule=rule)


def adjust(invoice, **fields):
    asked = {
        "kind": "withheld", "amount": 6_750, "reason": "", "reference": "ATT-1", "dated_on": ON,
        "on": ON, "at": AT, "actor": None,
    }  # fmt: skip
    return services.record_adjustment(invoice=invoice, **{**asked, **fields})


def test_cash_and_a_certificate_settle_an_invoice_together(withheld):
    assert (withheld.total, withheld.total_withheld) == (106_200, 6_750)
    assert withheld.amount_payable_now == 99_450
    services.apply_payment(invoice=withheld, amount=99_450, at=AT)

    adjust(withheld)

    fresh = Invoice.objects.get()
    assert (fresh.amount_due, fresh.amount_adjusted, fresh.settled_at) == (0, 6_750, AT)
    kinds = list(InvoiceEvent.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["issued", "payment", "adjusted", "settled"]


def test_what_is_certified_is_not_withheld_any_more(withheld):
    adjust(withheld, amount=6_000)

    fresh = Invoice.objects.get()
    assert (fresh.withheld_left, fresh.amount_due, fresh.amount_payable_now) == (
        750,
        100_200,
        99_450,
    )


def test_what_is_withheld_is_read_with_invoices_in_their_query(withheld, django_assert_num_queries):
    adjust(withheld, amount=6_000)

    with django_assert_num_queries(1):
        [read] = Invoice.objects.with_certificates()
        left = (read.withheld_left, read.amount_payable_now)

    assert left == (750, 99_450)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"amount": 6_751}, "de 1 à 6"),
        ({"amount": 0}, "de 1 à 6"),
        ({"amount": -1}, "de 1 à 6"),
        ({"reference": " "}, "référence"),
        ({"dated_on": ON + timedelta(days=1)}, "à venir"),
        ({"dated_on": ON - timedelta(days=400)}, "antérieure"),
        ({"kind": "write_off", "reason": ""}, "pourquoi"),
        ({"kind": "write_off", "reason": "Perdu", "amount": 106_201}, "de 1 à 106"),
        ({"kind": "exchange", "reason": "Cours"}, "devise"),
    ],
)
def test_a_wrong_adjustment_is_refused(withheld, fields, message):
    with pytest.raises(services.CannotAdjust, match=message):
        adjust(withheld, **fields)

    assert not Adjustment.objects.exists()
    assert Invoice.objects.get().amount_adjusted == 0


def test_an_invoice_without_withholding_takes_no_certificate(issued):
    with pytest.raises(services.CannotAdjust, match="ne prévoit pas"):
        adjust(issued)


def test_a_draft_is_not_written_off(draft):
    with pytest.raises(services.CannotAdjust, match="facture émise"):
        adjust(draft, kind="write_off", reason="Perdu", amount=1)


def test_one_key_adjusts_once(withheld):
    first = adjust(withheld, idempotency_key="k")

    again = adjust(withheld, idempotency_key="k")

    assert (again.pk, Invoice.objects.get().amount_adjusted) == (first.pk, 6_750)


def test_an_adjustment_is_undone_once_and_the_invoice_is_due_again(issued):
    loss = adjust(issued, kind="write_off", reason="Client disparu", amount=1_475_000)
    assert Invoice.objects.get().settled_at == AT

    services.undo_adjustment(adjustment=loss, reason="Il est revenu", on=ON, at=AT, actor=None)

    fresh = Invoice.objects.get()
    assert (fresh.amount_adjusted, fresh.amount_due, fresh.settled_at) == (0, 1_475_000, None)
    assert list(Adjustment.objects.order_by("pk").values_list("amount", flat=True)) == [
        1_475_000,
        -1_475_000,
    ]
    with pytest.raises(services.CannotAdjust, match="déjà annulé"):
        services.undo_adjustment(adjustment=loss, reason="Encore", on=ON, at=AT, actor=None)


def test_what_a_certificate_covers_is_not_credited_before_it_is_undone(withheld):
    row = adjust(withheld)

    with pytest.raises(services.CannotCredit, match="annulez-le"):
        services.cancel_invoice(invoice=withheld, reason="Non", on=ON, at=AT, actor=None)

    services.undo_adjustment(adjustment=row, reason="Avoir", on=ON, at=AT, actor=None)
    note = services.cancel_invoice(invoice=withheld, reason="Non", on=ON, at=AT, actor=None)
    assert (note.total, note.total_withheld) == (106_200, 6_750)
    assert find_differences() == []


def test_a_rule_is_the_one_in_force_on_the_day(acme):
    common = {"company": acme.company, "kind": "withheld", "label": "Retenue"}
    old = TaxRule.objects.create(**common, rate=Decimal(5), valid_until=date(2026, 10, 31))
    TaxRule.objects.create(**common, rate=Decimal("7.5"), valid_from=date(2026, 11, 1))

    invoice = make_issued(acme, lines=LINES, withheld_rule=old)

    assert invoice.total_withheld == 6_750
    assert [(tax["label"], tax["rate"]) for tax in invoice.taxes] == [("Retenue", "7.50")]


def test_a_rule_that_ended_without_heir_is_refused(acme):
    ended = TaxRule.objects.create(
        company=acme.company, kind="added", label="AIRSI", rate=5, valid_until=date(2026, 1, 1)
    )

    with pytest.raises(services.CannotIssue, match="AIRSI"):
        make_issued(acme, lines=LINES, added_rule=ended)
