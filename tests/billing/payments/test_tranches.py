"""How much is asked at once: tranches under a ceiling, and nothing where nobody takes it."""

import pytest

from billing.payments import offers
from billing.payments.amounts import Limits
from core import rls


def limits(most, least=100, step=5):
    return Limits(least=least, most=most, step=step, currency="XOF")


@pytest.mark.parametrize(
    ("due", "most", "amounts"),
    [
        (3_250_000, 1_000_000, [1_000_000, 1_000_000, 1_000_000, 250_000]),
        (1_000_000, 1_000_000, [1_000_000]),
        (1_000_050, 1_000_000, [999_950, 100]),
        (2_000_003, 1_000_000, [1_000_000, 1_000_000]),
        (99, 1_000_000, []),
        (10**12, 100, []),
    ],
)
def test_a_due_above_the_ceiling_is_paid_in_tranches(due, most, amounts):
    assert limits(most).tranches(due) == amounts


@pytest.mark.parametrize("due", [100, 105, 119, 204, 1_000, 1_995, 123_456, 10_000_004])
@pytest.mark.parametrize("most", [100_000, 1_500_000, 105_500])
def test_every_tranche_is_payable_and_nothing_is_stranded(due, most):
    amounts = limits(most).tranches(due)

    left = due
    for amount in amounts:
        assert limits(most).choose(left, amount) == amount
        left -= amount
    assert 0 <= left < 5


def test_without_stripe_euros_are_not_paid_online(make_invoice, acme, acme_owner, payer, now):
    foreign = make_invoice(acme, "FAC-2026-0099", net=10_000, vat=0, currency="EUR")

    with rls.staff("test"):
        offer = offers.make_offer(invoice=foreign, user=acme_owner, at=now)

    assert not offer.is_open
